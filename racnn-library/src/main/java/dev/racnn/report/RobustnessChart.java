package dev.racnn.report;

import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.RobustnessCurve;
import dev.racnn.evaluation.Scenario;
import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import dev.racnn.report.LineChart.Tick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Accuracy against perturbation for one attack (Figures 1 to 3). The axis is linear in the L2 norm of the perturbation; a
 * second scale gives its normalised square, which the paper uses.
 *
 * @param attack name of the attack
 */
record RobustnessChart(Evaluation evaluation, String attack) implements RobustnessFigure.Chart {
    /** Share of the images by which the axis should reach: beyond it the curves only crawl. */
    private static final double SHOWN = 0.92;

    /** Of an axis in L2. */
    static final String LABEL = "L2 norm of the perturbation (pixels in [0, 1])";
    /** Points that a stepped line of many images is thinned to. */
    static final int POINTS = 160;

    /** One for each attack that looks for the nearest adversarial image, in the order in which they were run. */
    static List<RobustnessChart> of(Evaluation evaluation) {
        return evaluation.models().stream()
                .flatMap(model -> model.attacks().stream())
                .filter(attack -> !attack.thresholds().isEmpty())
                .map(AttackEvaluation::attack)
                .distinct()
                .map(attack -> new RobustnessChart(evaluation, attack))
                .toList();
    }

    @Override
    public boolean has(Scenario scenario) {
        return evaluation.models().stream()
                .flatMap(model -> model.attacks().stream())
                .anyMatch(each -> each.attack().equals(attack) && each.scenario() == scenario);
    }

    @Override
    public String svg(String title, List<Scenario> scenarios) {
        double end = Math.sqrt(evaluation.dimension() * farthest(scenarios));
        List<Series> lines = new ArrayList<>();
        for (int m = 0; m < evaluation.models().size(); m++) {
            ModelEvaluation model = evaluation.models().get(m);
            for (AttackEvaluation each : model.attacks()) {
                if (each.attack().equals(attack) && scenarios.contains(each.scenario())) {
                    lines.add(series(model, m, each, end));
                }
            }
        }
        return new LineChart(title, horizontal(LABEL, end), msd(evaluation.dimension(), end), vertical(), lines).svg();
    }

    private double farthest(List<Scenario> scenarios) {
        double least = 0;
        double farthest = 0;
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation each : model.attacks()) {
                if (each.attack().equals(attack) && scenarios.contains(each.scenario())) {
                    least = Math.max(
                            least,
                            each.thresholds().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .max()
                                    .orElse(1e-4));
                    double quantile = each.curve().quantile(SHOWN);
                    farthest = Math.max(farthest, Double.isInfinite(quantile) ? 0 : quantile);
                }
            }
        }
        return Math.clamp(farthest, 1.3 * least, 12 * least);
    }

    private Series series(ModelEvaluation model, int colour, AttackEvaluation each, double end) {
        RobustnessCurve curve = each.curve();
        int dimension = evaluation.dimension();
        double[] thresholds =
                each.thresholds().stream().mapToDouble(Double::doubleValue).toArray();
        double[] steps = Arrays.stream(curve.distances())
                .map(msd -> Math.sqrt(dimension * msd))
                .filter(l2 -> l2 > 0 && l2 < end)
                .toArray();
        int stride = Math.max(1, steps.length / POINTS);
        double[] shown = DoubleStream.concat(
                        DoubleStream.concat(
                                DoubleStream.of(0, end),
                                Arrays.stream(thresholds).map(msd -> Math.sqrt(dimension * msd))),
                        IntStream.range(0, steps.length)
                                .filter(i -> i % stride == 0)
                                .mapToDouble(i -> steps[i]))
                .sorted()
                .distinct()
                .toArray();
        List<Point> points = new ArrayList<>();
        for (double l2 : shown) {
            double msd = l2 * l2 / dimension;
            Proportion accuracy = curve.at(msd);
            boolean marked =
                    l2 == 0 || Arrays.stream(thresholds).anyMatch(threshold -> Math.sqrt(dimension * threshold) == l2);
            String hover = marked
                    ? "%s, %s: %s %% (95 %%: %s, n = %s) at MSD %s, L2 %s"
                            .formatted(
                                    model.name(),
                                    each.scenario().title(),
                                    Numbers.percent(accuracy.value()),
                                    Numbers.interval(accuracy),
                                    accuracy.n(),
                                    Numbers.scientific(msd),
                                    Numbers.plain(l2))
                    : "";
            points.add(new Point(l2, accuracy.value(), accuracy.lower(), accuracy.upper(), hover));
        }
        return new Series(
                RobustnessFigure.line(model, each.scenario()),
                colour,
                RobustnessFigure.dash(each.scenario()),
                true,
                points);
    }

    /** An axis from 0 to an end above 0. */
    static Axis horizontal(String label, double end) {
        double step = step(end / 6);
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= end * 1.0001; i++) {
            ticks.add(new Tick(i * step, Numbers.plain(i * step)));
        }
        return new Axis(label, 0, end, ticks);
    }

    /** The scale of normalised squares along an axis in L2 that ends there. */
    static Axis msd(int dimension, double end) {
        List<Tick> ticks = new ArrayList<>();
        double last = 0;
        for (int exponent = -7; exponent <= 0; exponent++) {
            for (int mantissa : new int[] {1, 2, 4}) {
                double msd = mantissa * Math.pow(10, exponent);
                double at = Math.sqrt(dimension * msd);
                if (at < end && at - last > end / 11) {
                    ticks.add(new Tick(at, Numbers.scientific(msd)));
                    last = at;
                }
            }
        }
        return new Axis("normalised L2 (MSD)", 0, end, ticks);
    }

    /** Accuracies from 0 to 1, in percent. */
    static Axis vertical() {
        List<Tick> ticks = IntStream.rangeClosed(0, 5)
                .mapToObj(i -> new Tick(i / 5.0, String.format(Locale.ROOT, "%d", 20 * i)))
                .toList();
        return new Axis("accuracy, %", 0, 1, ticks);
    }

    /** The next of 1, 2, 2.5, 5 times a power of ten. */
    static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
