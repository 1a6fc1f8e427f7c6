package dev.racnn.cli;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackReport.Budget;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.modern.ModernProfile;
import dev.racnn.attack.paper.PaperProfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The runs that an attack on the command line stands for: one for an attack that looks for the nearest adversarial
 * point, whose robust accuracy at each budget follows from the distances; one for each budget for an attack or a suite that
 * needs one.
 *
 * @param runs at least one
 * @param budgets at which robust accuracy is stated; as many as runs if these have budgets
 */
record AttackChoice(List<AttackSequence> runs, List<ThreatModel> budgets) {
    private static final Map<String, AutoAttack.Version> SUITES = Map.of(
            "autoattack", AutoAttack.Version.STANDARD,
            "autoattack-plus", AutoAttack.Version.PLUS,
            "autoattack-rand", AutoAttack.Version.RAND);

    /** Whose semantics an attack has. */
    enum Profile {
        /** Foolbox at the revision that the paper used. */
        PAPER,
        /** Foolbox 3.3.4 and AutoAttack a392200. */
        MODERN
    }

    /**
     * Finds the attack of a name.
     *
     * @throws IllegalArgumentException if there is none of this name in the profile, it does not know the norm, or a budget is
     *     impossible or missing
     */
    static AttackChoice of(Profile profile, String name, Norm norm, List<Double> epsilons) {
        List<ThreatModel> budgets =
                epsilons.stream().map(epsilon -> new ThreatModel(norm, epsilon)).toList();
        requireProfile(profile, name);
        return switch (profile) {
            case PAPER -> new AttackChoice(List.of(AttackSequence.of(PaperProfile.attack(name))), budgets);
            case MODERN -> modern(name, norm, budgets);
        };
    }

    /** Says so if only the other profile has an attack of this name. */
    private static void requireProfile(Profile profile, String name) {
        boolean inPaper = PaperProfile.names().contains(name);
        boolean inModern = ModernProfile.isKnown(name) || SUITES.containsKey(name);
        if (inPaper != inModern && inModern == (profile == Profile.PAPER)) {
            throw new IllegalArgumentException("attack '%s' is of the %s profile; add --profile %s"
                    .formatted(name, inModern ? "modern" : "paper", inModern ? "modern" : "paper"));
        }
    }

    /**
     * One attack by its name.
     *
     * @param epsilon budget of an attack that needs one
     * @throws IllegalArgumentException if there is none of this name in the profile, or it does not know the norm
     */
    static Attack single(Profile profile, String name, Norm norm, double epsilon) {
        requireProfile(profile, name);
        return switch (profile) {
            case PAPER -> PaperProfile.attack(name);
            case MODERN ->
                ModernProfile.attack(
                        name, norm, ModernProfile.needsBudget(name) ? Optional.of(epsilon) : Optional.empty());
        };
    }

    private static AttackChoice modern(String name, Norm norm, List<ThreatModel> budgets) {
        AutoAttack.Version version = SUITES.get(name);
        if (version != null) {
            return forEach(budgets, name, budget -> new AutoAttack(version, budget));
        }
        if (!ModernProfile.isKnown(name)) {
            List<String> known = Stream.concat(ModernProfile.names().stream(), SUITES.keySet().stream())
                    .sorted()
                    .toList();
            throw new IllegalArgumentException(
                    "attack must be one of %s in the modern profile, but is '%s'; did you mean '%s'?"
                            .formatted(known, name, Spelling.nearest(name, known)));
        }
        if (ModernProfile.needsBudget(name)) {
            return forEach(
                    budgets,
                    name,
                    budget -> AttackSequence.of(ModernProfile.attack(name, norm, Optional.of(budget.epsilon()))));
        }
        return new AttackChoice(
                List.of(AttackSequence.of(ModernProfile.attack(name, norm, Optional.empty()))), budgets);
    }

    private static AttackChoice forEach(
            List<ThreatModel> budgets, String name, Function<ThreatModel, AttackSequence> run) {
        if (budgets.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but there is none; give one, such as --epsilon 0.03");
        }
        return new AttackChoice(budgets.stream().map(run).toList(), budgets);
    }

    /**
     * Robust accuracy at each budget.
     *
     * @param results one for each run
     */
    List<Budget> robustness(List<SuiteResult> results) {
        return IntStream.range(0, budgets.size())
                .mapToObj(i -> Budget.of(budgets.get(i), results.get(runs.size() == 1 ? 0 : i)))
                .toList();
    }
}
