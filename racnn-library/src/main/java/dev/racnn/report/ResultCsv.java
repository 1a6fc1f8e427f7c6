package dev.racnn.report;

import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.Scenario;

/**
 * An evaluation as comma-separated values: a line for each model, scenario, attack and distance, accuracies in [0, 1]. Clean
 * accuracy stands at distance 0, once for each scenario.
 */
public final class ResultCsv {
    /** Name of the file in the folder of an evaluation. */
    public static final String FILE = "results.csv";

    private static final String CLEAN = "clean";

    private final Evaluation evaluation;
    private final StringBuilder csv = new StringBuilder("model,scenario,attack,msd,n,robust_accuracy,paper\n");

    private ResultCsv(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /** A text that ends with a line break; attacks within a budget, which no distance describes, are left out. */
    public static String of(Evaluation evaluation) {
        ResultCsv csv = new ResultCsv(evaluation);
        for (ModelEvaluation model : evaluation.models()) {
            model.attacks().stream()
                    .map(AttackEvaluation::scenario)
                    .distinct()
                    .sorted()
                    .forEach(scenario -> csv.line(model, scenario, CLEAN, 0, model.clean()));
            for (AttackEvaluation attack : model.attacks()) {
                attack.thresholds()
                        .forEach(msd -> csv.line(
                                model,
                                attack.scenario(),
                                attack.attack(),
                                msd,
                                attack.curve().at(msd)));
            }
        }
        return csv.csv.toString();
    }

    private void line(ModelEvaluation model, Scenario scenario, String attack, double msd, Proportion accuracy) {
        String published = evaluation.published().stream()
                .filter(number -> number.model().equals(model.name())
                        && (number.scenario() == scenario || attack.equals(CLEAN))
                        && number.attack().equals(attack.equals(CLEAN) ? "" : attack)
                        && number.msd() == msd)
                .map(PublishedAccuracy::accuracy)
                .map(Numbers::fraction)
                .findFirst()
                .orElse("");
        csv.append(String.join(
                        ",",
                        model.name(),
                        scenario.code(),
                        attack,
                        Numbers.scientific(msd),
                        Integer.toString(accuracy.n()),
                        Numbers.fraction(accuracy.value()),
                        published))
                .append('\n');
    }
}
