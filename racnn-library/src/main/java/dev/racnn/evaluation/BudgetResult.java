package dev.racnn.evaluation;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import java.util.List;
import java.util.function.Predicate;

/**
 * Robustness at a fixed budget.
 *
 * @param threatModel the budget
 * @param result of the attack within the budget, or of the one search for the nearest points
 * @param upperBound whether the point that decides is the nearest in another distance than that of the budget, so that the
 *     attack may have passed one within the budget by
 */
public record BudgetResult(ThreatModel threatModel, SuiteResult result, boolean upperBound) {
    /** What a result says about a budget. */
    public static BudgetResult of(ThreatModel threatModel, Distance objective, SuiteResult result) {
        return new BudgetResult(threatModel, result, objective.norm() != threatModel.norm());
    }

    /**
     * For each example, whether no adversarial point was found within the budget: the attack itself failed, or only a
     * perturbation beyond the budget succeeded.
     */
    public List<Boolean> robust() {
        AttackResult worst = result.worstCase();
        boolean fixed = worst.threatModel().isPresent();
        Predicate<Outcome> isRobust = outcome -> fixed
                ? !outcome.success()
                : Distance.isBeyond(outcome.distance(threatModel.norm().distance()), threatModel.epsilon());
        return worst.outcomes().stream().map(isRobust::test).toList();
    }

    /** How many of the examples are robust. */
    public int robustCount() {
        return (int) robust().stream().filter(isRobust -> isRobust).count();
    }

    /** Share of the examples that are robust, in [0, 1]. */
    public double robustAccuracy() {
        return robustCount() / (double) result.worstCase().outcomes().size();
    }
}
