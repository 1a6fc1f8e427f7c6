package dev.racnn.cli.attack;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.modern.ModernProfile;
import dev.racnn.attack.paper.PaperProfile;
import dev.racnn.report.AttackReport.Budget;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs that an attack on the command line stands for: one for an attack that looks for the nearest adversarial
 * point, whose robust accuracy at each budget follows from the distances; one for each budget for an attack or a suite that
 * needs one.
 *
 * @param runs at least one
 * @param budgets at which robust accuracy is stated, each once; as many as runs if these have budgets
 */
public record AttackChoice(List<AttackSequence> runs, List<ThreatModel> budgets) {
    /** The suites of the modern profile. */
    static final Map<String, AutoAttack.Version> SUITES = new TreeMap<>(Map.of(
            "autoattack", AutoAttack.Version.STANDARD,
            "autoattack-plus", AutoAttack.Version.PLUS,
            "autoattack-rand", AutoAttack.Version.RAND));

    /** Whose semantics an attack has. */
    public enum Profile {
        /** Foolbox at the revision that the paper used. */
        PAPER,
        /** Foolbox 3.3.4 and AutoAttack a392200. */
        MODERN
    }

    /**
     * Finds the attack of a name.
     *
     * @param norm null for the only norm of the attack, or else Linf
     * @param changes of its settings, by name
     * @throws IllegalArgumentException if there is none of this name in the profile, it does not know the norm or a setting,
     *     or a budget is impossible or missing
     */
    static AttackChoice of(
            Profile profile, String name, @Nullable Norm norm, List<Double> epsilons, Map<String, String> changes) {
        requireKnown(profile, name);
        Norm measured = norm(profile, name, norm);
        List<ThreatModel> budgets = epsilons.stream()
                .distinct()
                .map(epsilon -> new ThreatModel(measured, epsilon))
                .toList();
        if (!needsBudget(profile, name)) {
            if (profile == Profile.MODERN && ModernProfile.norms(name).isEmpty() && !budgets.isEmpty()) {
                throw new IllegalArgumentException(
                        "attack '%s' moves whole images, which no norm describes, but a budget was given; leave --epsilon out"
                                .formatted(name));
            }
            return new AttackChoice(
                    List.of(AttackSequence.of(attack(profile, name, measured, Optional.empty(), changes))), budgets);
        }
        if (budgets.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but there is none; give one, such as --epsilon 0.03");
        }
        AutoAttack.Version version = SUITES.get(name);
        if (version != null && !changes.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' is a suite whose settings are fixed, but --set changes %s; change those of one of its attacks, such as apgd-ce"
                            .formatted(name, changes.keySet()));
        }
        Function<ThreatModel, AttackSequence> run = budget -> version != null
                ? new AutoAttack(version, budget)
                : AttackSequence.of(attack(profile, name, measured, Optional.of(budget.epsilon()), changes));
        return new AttackChoice(budgets.stream().map(run).toList(), budgets);
    }

    /**
     * One attack by its name.
     *
     * @param norm null for the only norm of the attack, or else Linf
     * @param epsilon budget of an attack that needs one
     * @param changes of its settings, by name
     * @throws IllegalArgumentException if there is none of this name in the profile, or it does not know the norm or a setting
     */
    public static Attack single(
            Profile profile, String name, @Nullable Norm norm, double epsilon, Map<String, String> changes) {
        if (SUITES.containsKey(name)) {
            throw new IllegalArgumentException(
                    "'%s' is a suite, but one attack is wanted; name one of its attacks, such as apgd-ce"
                            .formatted(name));
        }
        requireKnown(profile, name);
        return attack(
                profile,
                name,
                norm(profile, name, norm),
                needsBudget(profile, name) ? Optional.of(epsilon) : Optional.empty(),
                changes);
    }

    private static Attack attack(
            Profile profile, String name, Norm norm, Optional<Double> epsilon, Map<String, String> changes) {
        return switch (profile) {
            case PAPER -> PaperProfile.attack(name, changes);
            case MODERN -> ModernProfile.attack(name, norm, epsilon, changes);
        };
    }

    private static boolean needsBudget(Profile profile, String name) {
        return profile == Profile.MODERN && (SUITES.containsKey(name) || ModernProfile.needsBudget(name));
    }

    /** The norm asked for, or else the only one of the attack, or else Linf. */
    private static Norm norm(Profile profile, String name, @Nullable Norm asked) {
        List<Norm> known =
                profile == Profile.PAPER || SUITES.containsKey(name) ? List.of(Norm.LINF) : ModernProfile.norms(name);
        if (known.isEmpty() && asked != null) {
            throw new IllegalArgumentException(
                    "attack '%s' moves whole images, which no norm describes, but norm is %s; leave --norm out"
                            .formatted(name, asked));
        }
        if (asked != null) {
            return asked;
        }
        return known.size() == 1 ? known.getFirst() : Norm.LINF;
    }

    /** Says so if there is no attack of this name, or only the other profile has one. */
    private static void requireKnown(Profile profile, String name) {
        List<String> modern = Stream.concat(ModernProfile.names().stream(), SUITES.keySet().stream())
                .sorted()
                .toList();
        List<String> mine = profile == Profile.PAPER ? PaperProfile.names() : modern;
        if (mine.contains(name)) {
            return;
        }
        String other = profile == Profile.PAPER ? "modern" : "paper";
        if ((profile == Profile.PAPER ? modern : PaperProfile.names()).contains(name)) {
            throw new IllegalArgumentException(
                    "attack '%s' is of the %s profile; add --profile %s".formatted(name, other, other));
        }
        throw new IllegalArgumentException("attack must be one of %s in the %s profile, but is '%s'; did you mean '%s'?"
                .formatted(mine, profile == Profile.PAPER ? "paper" : "modern", name, Spelling.nearest(name, mine)));
    }

    /** Which of the runs has the largest budget. */
    int largest() {
        return IntStream.range(0, runs.size())
                .boxed()
                .max(Comparator.comparingDouble(run ->
                        runs.get(run).threatModel().map(ThreatModel::epsilon).orElse(0.0)))
                .orElseThrow();
    }

    /**
     * Robust accuracy at each budget.
     *
     * @param results one for each run
     */
    List<Budget> robustness(List<SuiteResult> results) {
        return IntStream.range(0, budgets.size())
                .mapToObj(i -> {
                    int run = runs.size() == 1 ? 0 : i;
                    return Budget.of(budgets.get(i), runs.get(run).objective(), results.get(run));
                })
                .toList();
    }
}
