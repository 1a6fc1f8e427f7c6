package dev.racnn.report;

import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.RobustnessCurve;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader must know to judge the numbers: what they mean, and where they must not be trusted. */
final class Notes {
    private Notes() {}

    /** What was measured, in two lines. */
    static List<String> summary(Evaluation evaluation) {
        int test = evaluation.models().isEmpty()
                ? 0
                : evaluation.models().getFirst().clean().n();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: clean accuracy on %,d test images; attacks on images %d to %d (n = %,d), seed %d",
                evaluation.data(),
                test,
                evaluation.start(),
                evaluation.start() + evaluation.attacked() - 1,
                evaluation.attacked(),
                evaluation.seed()));
        lines.add("accuracy in % up to a normalised L2 distance (MSD); median L2: the norm that fools half of the"
                + " images");
        if (!evaluation.complete()) {
            lines.add("INCOMPLETE: the evaluation was interrupted; start it again with the same folder to finish it");
        }
        return lines;
    }

    /** Where the numbers must not be trusted; empty if nothing is wrong. */
    static List<String> warnings(Evaluation evaluation) {
        List<String> warnings = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                if (attack.masked()) {
                    warnings.add(String.format(
                            Locale.ROOT,
                            "%s, %s, %s: %.0f %% of the gradients are zero; the model hides its gradients, and what"
                                    + " this attack leaves is no robustness",
                            model.name(),
                            Numbers.attack(attack.attack()),
                            attack.scenario().title(),
                            100 * attack.zeroGradientShare()));
                }
            }
            compositeBeatsDirect(model, warnings);
        }
        return warnings;
    }

    /** An attacker who knows the model should not gain by looking at a surrogate instead. */
    private static void compositeBeatsDirect(ModelEvaluation model, List<String> warnings) {
        for (AttackEvaluation direct : model.attacks()) {
            for (AttackEvaluation composite : model.attacks()) {
                if (direct.scenario() == Scenario.DIRECT
                        && composite.scenario() == Scenario.COMPOSITE
                        && direct.attack().equals(composite.attack())
                        && direct.budget() == null
                        && gain(direct, composite) > 0.02) {
                    warnings.add(
                            "%s, %s: gradients of the surrogate make the stronger attack; the model's own gradients are partly masked by retrieval, so read Scenario 1 together with Scenario 2 (b)"
                                    .formatted(model.name(), Numbers.attack(direct.attack())));
                }
            }
        }
    }

    /** By how much the second attack leaves less accuracy than the first, at the distance where the difference is largest. */
    private static double gain(AttackEvaluation first, AttackEvaluation second) {
        RobustnessCurve a = first.curve();
        RobustnessCurve b = second.curve();
        return first.thresholds().stream()
                .mapToDouble(
                        threshold -> a.at(threshold).value() - b.at(threshold).value())
                .max()
                .orElse(0);
    }
}
