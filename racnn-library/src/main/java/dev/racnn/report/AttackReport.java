package dev.racnn.report;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What {@code attack --json} writes: how an attack was run, what it achieved on each example, and the robust accuracy at
 * fixed budgets.
 *
 * @param model as named on the command line
 * @param data as named on the command line
 * @param profile {@code paper} or {@code modern}
 * @param scenario 1 or 2, section 3.1 of the paper
 * @param transfer whether the surrogate was attacked and the model only shown the result, Scenario 2 (a)
 * @param neverAttacked how many images count as robust in a transfer only because the surrogate gets them wrong unperturbed,
 *     so that there was nothing to attack; 0 without a transfer
 * @param start index of the first example
 * @param seconds that the attack took
 * @param objective the distance in which the attack looked for the nearest point, or that of its budget's norm
 * @param result without budgets or, for an attack that is run once for each budget, the result at the largest one
 * @param pictures for each example, whether its picture with 8 bits a channel fools the model too; empty if none was saved
 * @param budgets in the order asked for
 */
public record AttackReport(
        String model,
        String data,
        String profile,
        int scenario,
        boolean transfer,
        int neverAttacked,
        int start,
        double seconds,
        Distance objective,
        SuiteResult result,
        List<Boolean> pictures,
        List<Budget> budgets) {
    public AttackReport {
        pictures = List.copyOf(pictures);
        budgets = List.copyOf(budgets);
    }

    /**
     * Robustness at a fixed budget.
     *
     * @param threatModel the budget
     * @param result of the attack within the budget, or of the one search for the nearest points
     * @param upperBound whether the point that decides is the nearest in another distance than that of the budget, so that
     *     the attack may have passed one within the budget by
     */
    public record Budget(ThreatModel threatModel, SuiteResult result, boolean upperBound) {
        /** What a result says about a budget. */
        public static Budget of(ThreatModel threatModel, Distance objective, SuiteResult result) {
            return new Budget(threatModel, result, objective.norm() != threatModel.norm());
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

    /** All results, of which {@link #result} is one: several if the attack was run for each budget. */
    public Stream<SuiteResult> results() {
        return Stream.concat(Stream.of(result), budgets.stream().map(Budget::result))
                .distinct();
    }

    /** Accuracy against perturbation: from the distances of one search, or at the budgets of several. */
    public AccuracyCurve curve() {
        return result.worstCase().threatModel().isPresent()
                ? AccuracyCurve.within(budgets)
                : AccuracyCurve.nearest(result.worstCase(), objective);
    }

    /** Writes the report as JSON. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, AttackJson.text(this));
    }
}
