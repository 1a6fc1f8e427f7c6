package dev.racnn.report;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.Scenario;
import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Accuracy against the budget of an attack that was run within several of one norm: a line for each model and scenario, with a dot
 * at every budget. In L2 a second scale gives the normalised square, which the paper uses.
 *
 * @param attack name of the attack
 * @param norm of the budgets
 */
record BudgetChart(Evaluation evaluation, String attack, Norm norm) implements RobustnessFigure.Chart {
    /** One for each attack and norm with at least two budgets that leave something to be seen, in the order of the evaluation. */
    static List<BudgetChart> of(Evaluation evaluation) {
        return attacks(evaluation)
                .filter(each -> each.budget() != null)
                .map(each -> new BudgetChart(
                        evaluation,
                        each.attack(),
                        Objects.requireNonNull(each.budget()).norm()))
                .distinct()
                .filter(chart -> chart.epsilons().size() > 1)
                .toList();
    }

    private static Stream<AttackEvaluation> attacks(Evaluation evaluation) {
        return evaluation.models().stream().flatMap(model -> model.attacks().stream());
    }

    @Override
    public boolean has(Scenario scenario) {
        return attacks(evaluation).anyMatch(each -> shows(each) && each.scenario() == scenario);
    }

    @Override
    public String svg(String title, List<Scenario> scenarios) {
        double end = 1.05 * scale(epsilons().getLast());
        List<Series> lines = new ArrayList<>();
        for (int m = 0; m < evaluation.models().size(); m++) {
            ModelEvaluation model = evaluation.models().get(m);
            for (Scenario scenario : scenarios) {
                List<AttackEvaluation> runs = model.attacks().stream()
                        .filter(each -> shows(each) && each.scenario() == scenario)
                        .sorted(Comparator.comparingDouble(BudgetChart::epsilon))
                        .toList();
                if (!runs.isEmpty()) {
                    lines.add(series(model, m, runs, scenario));
                }
            }
        }
        Axis top = norm == Norm.L2 ? RobustnessChart.msd(evaluation.dimension(), end) : Axis.none();
        return new LineChart(title, RobustnessChart.horizontal(label(), end), top, RobustnessChart.vertical(), lines)
                .svg();
    }

    private Series series(ModelEvaluation model, int colour, List<AttackEvaluation> runs, Scenario scenario) {
        List<Point> points = new ArrayList<>();
        points.add(point(model, 0, "unperturbed", runs.getFirst().clean()));
        for (AttackEvaluation run : runs) {
            ThreatModel budget = Objects.requireNonNull(run.budget());
            points.add(point(model, scale(budget.epsilon()), "within " + Numbers.budget(budget), run.unbroken()));
        }
        return new Series(
                RobustnessFigure.line(model, scenario), colour, RobustnessFigure.dash(scenario), false, points);
    }

    private static Point point(ModelEvaluation model, double at, String where, Proportion accuracy) {
        String hover = "%s %s: %s %% (95 %%: %s, n = %s)"
                .formatted(
                        model.name(),
                        where,
                        Numbers.percent(accuracy.value()),
                        Numbers.interval(accuracy),
                        accuracy.n());
        return new Point(at, accuracy.value(), accuracy.lower(), accuracy.upper(), hover);
    }

    /** The budgets, ascending, without those that span the range of the pixels: beside these the others are a dot. */
    private List<Double> epsilons() {
        return attacks(evaluation)
                .filter(this::shows)
                .map(BudgetChart::epsilon)
                .distinct()
                .sorted()
                .toList();
    }

    private boolean shows(AttackEvaluation each) {
        ThreatModel budget = each.budget();
        return each.attack().equals(attack)
                && budget != null
                && budget.norm() == norm
                && !(norm == Norm.LINF && budget.epsilon() >= 1);
    }

    private static double epsilon(AttackEvaluation each) {
        return Objects.requireNonNull(each.budget()).epsilon();
    }

    private double scale(double epsilon) {
        return norm == Norm.LINF ? Numbers.LEVELS * epsilon : epsilon;
    }

    private String label() {
        return switch (norm) {
            case LINF -> "Linf norm of the perturbation, in 1/255";
            case L2 -> RobustnessChart.LABEL;
            case L1 -> "L1 norm of the perturbation (pixels in [0, 1])";
            case L0 -> "changed pixels";
        };
    }
}
