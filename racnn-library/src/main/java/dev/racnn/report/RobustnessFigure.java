package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A chart with what stands below it.
 *
 * @param attack as the literature writes it
 * @param caption who is attacked
 * @param svg the chart
 */
record RobustnessFigure(String attack, String caption, String svg) {
    private static final String DIRECT = "Scenario 1, the model itself is attacked";
    private static final String INDIRECT =
            "Scenario 2, the retrieval is attacked: (a) pure transfer, (b, dashed) scored on the model";
    private static final List<Scenario> SECOND = List.of(Scenario.TRANSFER, Scenario.COMPOSITE);

    /**
     * For each attack that looks for the nearest image, and each that was run within several budgets, one where the model itself is
     * attacked, and one of Scenario 2 where there is one.
     */
    static List<RobustnessFigure> of(Evaluation evaluation) {
        List<RobustnessFigure> figures = new ArrayList<>();
        for (String attack : RobustnessChart.attacks(evaluation)) {
            RobustnessChart chart = new RobustnessChart(evaluation, attack);
            figures.add(figure(attack, DIRECT, title -> chart.svg(title, List.of(Scenario.DIRECT))));
            if (SECOND.stream().anyMatch(chart::has)) {
                figures.add(figure(attack, INDIRECT, title -> chart.svg(title, SECOND)));
            }
        }
        for (BudgetChart chart : BudgetChart.of(evaluation)) {
            Set<Scenario> known = EnumSet.of(Scenario.DIRECT, Scenario.WHITE_BOX);
            if (chart.has(known)) {
                String caption = chart.has(EnumSet.of(Scenario.WHITE_BOX))
                        ? "by somebody who knows everything, the candidates included"
                        : DIRECT;
                figures.add(figure(chart.attack(), caption, title -> chart.svg(title, known)));
            }
            if (chart.has(EnumSet.copyOf(SECOND))) {
                figures.add(figure(chart.attack(), INDIRECT, title -> chart.svg(title, EnumSet.copyOf(SECOND))));
            }
        }
        return figures;
    }

    private static RobustnessFigure figure(String attack, String caption, UnaryOperator<String> svg) {
        String title = Attacks.title(attack);
        return new RobustnessFigure(title, caption, svg.apply(title + ": " + caption));
    }
}
