package dev.racnn.report;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Scenario;
import dev.racnn.files.AtomicFile;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code attack --json} writes: how an attack was run, what it achieved on each example, and the robust accuracy at
 * fixed budgets.
 *
 * @param model as named on the command line
 * @param data as named on the command line
 * @param profile whose semantics the attack has
 * @param scenario who was attacked, and with whose gradients
 * @param sample how the attacked images were chosen
 * @param precision in which the models answered
 * @param sweep what the attack achieved; what is said without a budget is of the largest
 * @param pictures for each example, whether its picture with 8 bits a channel fools the model too; empty if none was saved
 */
public record AttackReport(
        String model,
        String data,
        Profile profile,
        Scenario scenario,
        String sample,
        Precision precision,
        BudgetSweep.Result sweep,
        List<Boolean> pictures) {
    public AttackReport {
        pictures = List.copyOf(pictures);
    }

    /** Accuracy against perturbation: from the distances of one search, or at the budgets of several. */
    public AccuracyCurve curve() {
        AttackResult worst = sweep.largest().worstCase();
        return worst.threatModel().isPresent()
                ? AccuracyCurve.within(sweep.budgets())
                : AccuracyCurve.nearest(worst, sweep.plan().distance());
    }

    /** Writes the report as JSON. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, AttackJson.text(this));
    }
}
