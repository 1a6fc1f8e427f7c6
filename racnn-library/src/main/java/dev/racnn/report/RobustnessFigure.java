package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart with what stands below it.
 *
 * @param attack as the literature writes it
 * @param caption who is attacked
 * @param svg the chart
 */
record RobustnessFigure(String attack, String caption, String svg) {
    /** For each attack that looks for the nearest image one of Scenario 1, and one of Scenario 2 where there is one. */
    static List<RobustnessFigure> of(Evaluation evaluation) {
        List<RobustnessFigure> figures = new ArrayList<>();
        for (String attack : RobustnessChart.attacks(evaluation)) {
            RobustnessChart chart = new RobustnessChart(evaluation, attack);
            figures.add(figure(attack, "Scenario 1, the model itself is attacked", chart, List.of(Scenario.DIRECT)));
            if (chart.has(Scenario.TRANSFER) || chart.has(Scenario.COMPOSITE)) {
                figures.add(figure(
                        attack,
                        "Scenario 2, the retrieval is attacked: (a) pure transfer, (b, dashed) scored on the model",
                        chart,
                        List.of(Scenario.TRANSFER, Scenario.COMPOSITE)));
            }
        }
        return figures;
    }

    private static RobustnessFigure figure(
            String attack, String caption, RobustnessChart chart, List<Scenario> scenarios) {
        String title = Attacks.title(attack);
        return new RobustnessFigure(title, caption, chart.svg(title + ": " + caption, scenarios));
    }
}
