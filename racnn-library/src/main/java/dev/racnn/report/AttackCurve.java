package dev.racnn.report;

import dev.racnn.evaluation.Proportion;
import dev.racnn.files.AtomicFile;
import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Accuracy against perturbation under one attack, as a picture or as a table of numbers. */
public final class AttackCurve {
    private AttackCurve() {}

    /** Whether a file can be written: its name ends in {@code .svg} or {@code .csv}. */
    public static boolean isKnown(Path file) {
        return ending(file).matches("svg|csv");
    }

    /**
     * Writes a curve as a picture or as a table, by the ending of the file.
     *
     * @param title of the picture
     * @throws IllegalArgumentException if the name ends otherwise
     */
    public static void write(AccuracyCurve curve, String title, Path file) throws IOException {
        AtomicFile.write(
                file,
                switch (ending(file)) {
                    case "svg" -> svg(curve, title);
                    case "csv" -> csv(curve);
                    default ->
                        throw new IllegalArgumentException(
                                "a curve needs a file that ends in .svg or .csv, but is " + file);
                });
    }

    private static String ending(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** A line for each point: size of the perturbation, the same as MSD in L2, accuracy and its 95 % interval. */
    static String csv(AccuracyCurve curve) {
        boolean msd = curve.points().stream().noneMatch(point -> Double.isNaN(point.msd()));
        StringBuilder csv = new StringBuilder(norm(curve).toLowerCase(Locale.ROOT))
                .append(msd ? ",msd" : "")
                .append(",robust_accuracy,lower,upper\n");
        for (AccuracyCurve.Point point : curve.points()) {
            Proportion accuracy = new Proportion(point.robust(), curve.examples());
            csv.append(point.size())
                    .append(msd ? "," + point.msd() : "")
                    .append(",%s,%s,%s\n".formatted(accuracy.value(), accuracy.lower(), accuracy.upper()));
        }
        return csv.toString();
    }

    /** A chart of its own; steps where accuracy is known at every size, dots at the budgets where not. */
    static String svg(AccuracyCurve curve, String title) {
        double last = curve.points().getLast().size();
        double end = last > 0 ? 1.05 * last : 1;
        int stride = Math.max(1, curve.points().size() / RobustnessChart.POINTS);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < curve.points().size(); i++) {
            if (i % stride == 0 || i == curve.points().size() - 1) {
                points.add(point(curve, curve.points().get(i)));
            }
        }
        if (curve.stepped()) {
            Point held = points.getLast();
            points.add(new Point(end, held.y(), held.low(), held.high(), ""));
        }
        Axis horizontal = RobustnessChart.horizontal(norm(curve) + " norm of the perturbation", end);
        Series line = new Series(title + ", n = " + curve.examples(), 2, "", curve.stepped(), points);
        return new LineChart(title, horizontal, Axis.none(), RobustnessChart.vertical(), List.of(line)).svg();
    }

    private static Point point(AccuracyCurve curve, AccuracyCurve.Point point) {
        Proportion accuracy = new Proportion(point.robust(), curve.examples());
        String hover = curve.stepped()
                ? ""
                : "%s %% (95 %%: %s) within %s"
                        .formatted(
                                Numbers.percent(accuracy.value()),
                                Numbers.interval(accuracy),
                                Numbers.plain(point.size()));
        return new Point(point.size(), accuracy.value(), accuracy.lower(), accuracy.upper(), hover);
    }

    private static String norm(AccuracyCurve curve) {
        String name = curve.norm().name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
