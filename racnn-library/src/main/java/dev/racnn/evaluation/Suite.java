package dev.racnn.evaluation;

import dev.racnn.Spelling;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.model.Bounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Attacks that are run together.
 *
 * @param name as on the command line
 * @param attacks in the order of the tables
 */
public record Suite(String name, List<Entry> attacks) {
    /** The distances of Table 1 for FGSM. */
    private static final List<Double> SINGLE_STEP = List.of(1e-4, 2e-4, 4e-4);

    /** The distances of Table 1 for the attacks that come nearer. */
    private static final List<Double> NEAREST = List.of(1e-5, 2e-5, 8e-5);

    /** The budgets of RobustBench. */
    private static final ThreatModel LINF = new ThreatModel(Norm.LINF, 8 / 255.0);

    private static final ThreatModel L2 = new ThreatModel(Norm.L2, 0.5);

    /** Where a RaCNN that is attacked through its retrieval still has something to lose. */
    private static final ThreatModel ADAPTIVE = new ThreatModel(Norm.LINF, 2 / 255.0);

    /** Covers the whole range of pixels in [0, 1]: whatever withstands this has not been attacked. */
    private static final ThreatModel EVERYTHING = new ThreatModel(Norm.LINF, 1);

    private static final Map<String, Supplier<List<Entry>>> KNOWN = new TreeMap<>(Map.of(
            "fgsm",
            () -> paper("fgsm"),
            "table1",
            () -> paper("fgsm", "ifgsm", "deepfool"),
            "paper",
            () -> paper("fgsm", "ifgsm", "deepfool", "lbfgs", "boundary"),
            "modern",
            () -> List.of(
                    within("fgsm", LINF),
                    within("pgd", LINF),
                    within("pgd", L2),
                    nearest("deepfool"),
                    nearest("ddn"),
                    nearest("fmn")),
            "autoattack",
            () -> List.of(within("autoattack", LINF), within("autoattack", L2)),
            "adaptive",
            () -> adaptive(List.of(ADAPTIVE)).attacks(),
            "decision",
            () -> List.of(within("square", LINF), within("square", L2), nearest("hopskipjump"), nearest("boundary")),
            "sanity",
            () -> List.of(
                    within("noise", LINF),
                    within("fgsm", LINF),
                    within("pgd", LINF),
                    within("noise", EVERYTHING),
                    within("pgd", EVERYTHING),
                    new Entry(modern("spatial", Norm.L2, Optional.empty()), List.of()))));

    public Suite {
        attacks = List.copyOf(attacks);
        if (attacks.isEmpty()) {
            throw new IllegalArgumentException("suite '" + name + "' must hold at least one attack, but is empty");
        }
    }

    /**
     * An attack, or a sequence of them, with what tables say about it.
     *
     * @param attacks makes the attack for pixels within some bounds; a budget has to be as large a share of their width for
     *     all of them
     * @param thresholds normalised L2 distances at which tables state the accuracy; empty for a fixed budget, and for an
     *     attack that no distance describes
     */
    public record Entry(Function<Bounds, AttackSequence> attacks, List<Double> thresholds) {
        public Entry {
            thresholds = List.copyOf(thresholds);
        }

        /** An attack that is the same for all bounds, for it has no budget or all pixels are in [0, 1]. */
        public Entry(AttackSequence attack, List<Double> thresholds) {
            this(_ -> attack, thresholds);
        }

        /** The attack on pixels in [0, 1], as reports state it. */
        public AttackSequence attack() {
            return attacks.apply(Bounds.UNIT);
        }
    }

    /**
     * One of the suites that have a name.
     *
     * <ul>
     *   <li>{@code fgsm}, {@code table1} (the three attacks of the paper's tables), {@code paper} (all five): with the settings
     *       of the paper
     *   <li>{@code modern}: FGSM and PGD within a budget, DeepFool, DDN and FMN for the nearest point in L2
     *   <li>{@code adaptive}: attacks on the retrieval itself within 2/255 in Linf; see {@link #adaptive}
     *   <li>{@code autoattack}: the standard version within 8/255 in Linf and within 0.5 in L2
     *   <li>{@code decision}: attacks that need no gradients
     *   <li>{@code sanity}: noise, rotations, and budgets that nothing can withstand
     * </ul>
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Suite named(String name) {
        Supplier<List<Entry>> attacks = KNOWN.get(name);
        if (attacks == null) {
            throw new IllegalArgumentException("suite must be one of %s, but is '%s'; did you mean '%s'?"
                    .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return new Suite(name, attacks.get());
    }

    /**
     * The adaptive suite at budgets of somebody's choice and at one that nothing can withstand, and what has to leave more than it: noise
     * and a single step.
     *
     * @param budgets as of pixels in [0, 1]
     */
    public static Suite adaptive(List<ThreatModel> budgets) {
        List<Entry> entries = new ArrayList<>();
        budgets.forEach(budget -> entries.add(within("adaptive", budget)));
        if (!budgets.contains(EVERYTHING)) {
            entries.add(within("adaptive", EVERYTHING));
        }
        for (ThreatModel budget : budgets) {
            entries.add(within("noise", budget));
            entries.add(within("fgsm", budget));
        }
        return new Suite("adaptive", entries);
    }

    /** Names of all suites, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(KNOWN.keySet());
    }

    private static List<Entry> paper(String... attacks) {
        return Arrays.stream(attacks)
                .map(attack -> new Entry(
                        Attacks.named(Profile.PAPER, attack).make(Norm.L2, Optional.empty()),
                        attack.equals("fgsm") ? SINGLE_STEP : NEAREST))
                .toList();
    }

    private static Entry within(String attack, ThreatModel budget) {
        return new Entry(
                bounds -> modern(attack, budget.norm(), Optional.of(budget.epsilon() * bounds.range())), List.of());
    }

    private static Entry nearest(String attack) {
        return new Entry(modern(attack, Norm.L2, Optional.empty()), NEAREST);
    }

    private static AttackSequence modern(String attack, Norm norm, Optional<Double> epsilon) {
        return Attacks.named(Profile.MODERN, attack).make(norm, epsilon);
    }
}
