package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A chart with what stands below it.
 *
 * @param attack as the literature writes it
 * @param caption who is attacked
 * @param svg the chart
 */
record RobustnessFigure(String attack, String caption, String svg) {
    /** Scenarios in which the model itself is attacked. */
    private static final List<Scenario> FIRST = List.of(Scenario.DIRECT, Scenario.WHITE_BOX);

    private static final List<Scenario> SECOND = List.of(Scenario.TRANSFER, Scenario.COMPOSITE);

    /** A chart of one attack, a line for each model and scenario. */
    interface Chart {
        /** Name of the attack. */
        String attack();

        /** Whether the attack was run in a scenario. */
        boolean has(Scenario scenario);

        /** The chart of some scenarios; models that were not attacked in any of them are left out. */
        String svg(String title, List<Scenario> scenarios);
    }

    /**
     * For each attack that looks for the nearest image, and each that was run within several budgets, one where the model itself is
     * attacked, and one of Scenario 2 where there is one.
     */
    static List<RobustnessFigure> of(Evaluation evaluation) {
        List<RobustnessFigure> figures = new ArrayList<>();
        Stream.concat(RobustnessChart.of(evaluation).stream(), BudgetChart.of(evaluation).stream())
                .forEach(chart -> {
                    if (FIRST.stream().anyMatch(chart::has)) {
                        String caption = chart.has(Scenario.WHITE_BOX)
                                ? "by somebody who knows everything, the candidates included"
                                : "Scenario 1, the model itself is attacked";
                        figures.add(figure(chart, caption, FIRST));
                    }
                    if (SECOND.stream().anyMatch(chart::has)) {
                        figures.add(figure(
                                chart,
                                "Scenario 2, the retrieval is attacked: (a) pure transfer, (b, dashed) scored on the"
                                        + " model",
                                SECOND));
                    }
                });
        return figures;
    }

    private static RobustnessFigure figure(Chart chart, String caption, List<Scenario> scenarios) {
        String title = Attacks.title(chart.attack());
        return new RobustnessFigure(title, caption, chart.svg(title + ": " + caption, scenarios));
    }

    /** What a line is called; the scenario is named where two share a chart. */
    static String line(ModelEvaluation model, Scenario scenario) {
        return FIRST.contains(scenario) ? model.name() : model.name() + ", " + scenario.title();
    }

    /** The dash pattern of a line. */
    static String dash(Scenario scenario) {
        return scenario == Scenario.COMPOSITE ? "6 4" : "";
    }
}
