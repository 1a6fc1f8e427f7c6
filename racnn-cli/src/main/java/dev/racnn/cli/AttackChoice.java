package dev.racnn.cli;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackReport.Budget;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.paper.PaperProfile;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The runs that an attack on the command line stands for: one for an attack that looks for the nearest adversarial
 * point, whose robust accuracy at each budget follows from the distances; one for each budget for an attack that needs one.
 *
 * @param runs at least one
 * @param budgets at which robust accuracy is stated; as many as runs if these have budgets
 */
record AttackChoice(List<Attack> runs, List<ThreatModel> budgets) {
    /** Whose semantics an attack has. */
    enum Profile {
        /** Foolbox at the revision that the paper used. */
        PAPER
    }

    /**
     * Finds the attack of a name.
     *
     * @throws IllegalArgumentException if there is none of this name in the profile, or a budget is impossible
     */
    static AttackChoice of(Profile profile, String name, Norm norm, List<Double> epsilons) {
        List<ThreatModel> budgets =
                epsilons.stream().map(epsilon -> new ThreatModel(norm, epsilon)).toList();
        return switch (profile) {
            case PAPER -> new AttackChoice(List.of(PaperProfile.attack(name)), budgets);
        };
    }

    /**
     * Robust accuracy at each budget.
     *
     * @param results one for each run
     */
    List<Budget> robustness(List<AttackResult> results) {
        return IntStream.range(0, budgets.size())
                .mapToObj(i -> Budget.of(budgets.get(i), results.get(Math.min(i, results.size() - 1))))
                .toList();
    }
}
