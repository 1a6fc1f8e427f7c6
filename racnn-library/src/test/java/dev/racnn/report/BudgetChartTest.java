package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ExampleOutcome;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.Scenario;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BudgetChartTest {
    private static final ThreatModel TWO = new ThreatModel(Norm.LINF, 2 / 255.0);
    private static final ThreatModel FOUR = new ThreatModel(Norm.LINF, 4 / 255.0);

    /** Of so many images the first is wrong unperturbed, and so many others withstand. */
    private static AttackEvaluation attack(Scenario scenario, ThreatModel budget, int images, int left) {
        List<ExampleOutcome> outcomes = IntStream.range(0, images)
                .mapToObj(i -> {
                    double distance = i == 0 ? 0 : i <= left ? Double.POSITIVE_INFINITY : budget.epsilon() / 2;
                    return new ExampleOutcome(i, 0, 0, distance, distance, distance, 3);
                })
                .toList();
        return new AttackEvaluation(
                "adaptive",
                scenario,
                "",
                "misclassified",
                Map.of(),
                budget,
                List.of(),
                outcomes,
                0,
                false,
                0,
                List.of(),
                List.of(),
                List.of(),
                2,
                null);
    }

    private static ModelEvaluation model(String name, AttackEvaluation... attacks) {
        return new ModelEvaluation(
                name, "", new Proportion(80, 100), Map.of(), List.of(), null, List.of(attacks), List.of());
    }

    private static Evaluation evaluation(ModelEvaluation... models) {
        return new Evaluation(
                Evaluation.FORMAT,
                "",
                "1",
                "2026-01-01T00:00:00Z",
                "",
                true,
                "",
                List.of("cat", "dog"),
                1,
                3072,
                "0123456789abcdef",
                "",
                4,
                "adaptive",
                0,
                Map.of(),
                List.of(models),
                List.of());
    }

    private static List<String> captions(Evaluation evaluation) {
        return RobustnessFigure.of(evaluation).stream()
                .map(RobustnessFigure::caption)
                .toList();
    }

    @Test
    void every_budget_is_a_dot_with_its_numbers_and_so_is_what_is_right_unperturbed() {
        Evaluation evaluation = evaluation(
                model(
                        "Plain",
                        attack(Scenario.DIRECT, FOUR, 4, 0),
                        attack(Scenario.DIRECT, TWO, 4, 1),
                        attack(Scenario.DIRECT, new ThreatModel(Norm.LINF, 1), 4, 0)),
                model(
                        "RaCNN",
                        attack(Scenario.WHITE_BOX, TWO, 4, 3),
                        attack(Scenario.WHITE_BOX, FOUR, 4, 2),
                        attack(Scenario.WHITE_BOX, new ThreatModel(Norm.LINF, 1), 4, 0)));

        assertThat(captions(evaluation)).containsExactly("by somebody who knows everything, the candidates included");
        String svg = RobustnessFigure.of(evaluation).getFirst().svg();
        assertThat(Stream.of(svg.split("<title>", -1)).map(hover -> hover.split("</title>", -1)[0]))
                .contains(
                        "Plain unperturbed: 75.0 % (95 %: 30.1–95.4, n = 4)",
                        "Plain within Linf 2/255: 25.0 % (95 %: 4.6–69.9, n = 4)",
                        "RaCNN within Linf 2/255: 75.0 % (95 %: 30.1–95.4, n = 4)",
                        "RaCNN within Linf 4/255: 50.0 % (95 %: 15.0–85.0, n = 4)");
        // The whole range of the pixels would make a dot of the others.
        assertThat(svg).contains("in 1/255").doesNotContain("within Linf 1:");
    }

    @Test
    void one_budget_makes_no_curve_and_norms_are_not_mixed() {
        ThreatModel l2 = new ThreatModel(Norm.L2, 0.5);
        assertThat(captions(
                        evaluation(model("A", attack(Scenario.DIRECT, TWO, 4, 1), attack(Scenario.DIRECT, l2, 4, 1)))))
                .isEmpty();
        assertThat(captions(evaluation(
                        model("A", attack(Scenario.DIRECT, TWO, 4, 1)),
                        model("B", attack(Scenario.DIRECT, FOUR, 4, 1)))))
                .containsExactly("Scenario 1, the model itself is attacked");
    }

    @Test
    void a_budget_that_a_model_was_not_attacked_within_has_no_worst_case() {
        Evaluation evaluation = evaluation(
                model("A", attack(Scenario.WHITE_BOX, TWO, 4, 1), attack(Scenario.WHITE_BOX, FOUR, 4, 1)),
                model("B", attack(Scenario.WHITE_BOX, TWO, 4, 2), attack(Scenario.WHITE_BOX, TWO, 4, 3)));

        assertThat(MarkdownReport.of(evaluation))
                .contains("| worst case for every image | Linf 2/255 | Linf 4/255 |")
                .contains("| A | 25.0 (4.6–69.9) | 25.0 (4.6–69.9) |", "| B | 50.0 (15.0–85.0) | – |");
        assertThat(HtmlReport.of(evaluation)).contains("<td>–</td>");
        assertThat(TextReport.of(evaluation)).containsPattern("B +50\\.0 +–");
    }

    @Test
    void in_l2_the_scale_of_the_paper_stands_above() {
        Evaluation evaluation = evaluation(model(
                "A",
                attack(Scenario.COMPOSITE, new ThreatModel(Norm.L2, 0.25), 4, 2),
                attack(Scenario.COMPOSITE, new ThreatModel(Norm.L2, 0.5), 4, 1)));

        RobustnessFigure figure = RobustnessFigure.of(evaluation).getFirst();
        assertThat(figure.caption()).startsWith("Scenario 2");
        assertThat(figure.svg()).contains("A, Scenario 2 (b)", "normalised L2 (MSD)", ">2e-5<", "stroke-dasharray");
    }
}
