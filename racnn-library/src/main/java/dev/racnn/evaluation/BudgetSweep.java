package dev.racnn.evaluation;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An attack on one model at all budgets of a plan. In Scenario 2 (a) the runner attacks the surrogate, and the model is only
 * shown what fooled it; otherwise it attacks the model.
 *
 * @param plan which attack, at which budgets
 * @param runner whom it attacks, and how; its journal, if it has one, becomes one file for each budget
 * @param shownTo the model of Scenario 2 (a); null in the others
 */
public record BudgetSweep(
        AttackPlan plan, AttackRunner runner, @Nullable Classifier shownTo) {
    /**
     * Runs the attack.
     *
     * @param finished hears of each run when it is over; of a transfer, what it did to the surrogate
     * @throws IOException if a journal cannot be read or written
     */
    public Result run(Examples examples, BiConsumer<AttackSequence, SuiteResult> finished) throws IOException {
        long begin = System.nanoTime();
        List<SuiteResult> runs = new ArrayList<>();
        int neverAttacked = 0;
        for (AttackSequence attacks : plan.runs()) {
            SuiteResult result = attacks.run(runner.withJournal(journal(attacks)), examples);
            finished.accept(attacks, result);
            if (shownTo != null) {
                AttackResult shown = new Transfer(shownTo, runner.criterion()).of(result.worstCase(), examples);
                neverAttacked = Transfer.neverAttacked(result.worstCase(), shown);
                result = new SuiteResult(result.stages(), result.flags(), result.remarks(), shown);
            }
            runs.add(result);
        }
        return new Result(plan, runs, neverAttacked, (System.nanoTime() - begin) / 1e9);
    }

    /**
     * Whether the points that an attack found still fool the model when they are saved as pictures with 8 bits a channel.
     *
     * @param examples that were attacked, in their order
     * @return one answer for each example
     */
    public List<Boolean> pictures(AttackResult result, Examples examples) {
        return new Transfer(shownTo == null ? runner.target() : shownTo, runner.criterion())
                .fooledBy(Transfer.rounded(result), examples);
    }

    private @Nullable JournalPlace journal(AttackSequence attacks) {
        JournalPlace place = runner.journal();
        return place == null
                ? null
                : attacks.threatModel()
                        .map(budget -> place.part(Double.toString(budget.epsilon())))
                        .orElse(place);
    }

    /**
     * What an attack achieved at all budgets of its plan.
     *
     * @param plan which attack, at which budgets
     * @param runs one result for each run of the plan
     * @param neverAttacked how many images count as robust in a transfer only because the surrogate gets them wrong
     *     unperturbed, so that there was nothing to attack; 0 without a transfer
     * @param seconds that all runs took together
     */
    public record Result(AttackPlan plan, List<SuiteResult> runs, int neverAttacked, double seconds) {
        public Result {
            runs = List.copyOf(runs);
        }

        /** The result at the largest budget, or the only one. */
        public SuiteResult largest() {
            return runs.get(plan.largest());
        }

        /** Robustness at each budget, in the order of the plan. */
        public List<BudgetResult> budgets() {
            List<BudgetResult> budgets = new ArrayList<>();
            for (int i = 0; i < plan.budgets().size(); i++) {
                SuiteResult result = runs.get(runs.size() == 1 ? 0 : i);
                budgets.add(BudgetResult.of(plan.budgets().get(i), plan.distance(), result));
            }
            return budgets;
        }
    }
}
