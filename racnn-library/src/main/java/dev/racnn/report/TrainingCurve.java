package dev.racnn.report;

import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import dev.racnn.report.LineChart.Tick;
import dev.racnn.training.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The course of a training as an SVG picture: training and test accuracy of every stage, epoch by epoch. */
public final class TrainingCurve {
    private TrainingCurve() {}

    /**
     * The picture; a file of it can be opened by itself.
     *
     * @param records of all stages, in order, at least one
     */
    public static String svg(List<EpochRecord> records) {
        List<String> stages =
                records.stream().map(EpochRecord::stage).distinct().toList();
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a training curve needs at least one epoch, but the log has none");
        }
        List<Series> lines = new ArrayList<>();
        for (int s = 0; s < stages.size(); s++) {
            String stage = stages.get(s);
            List<EpochRecord> epochs = records.stream()
                    .filter(record -> record.stage().equals(stage))
                    .toList();
            lines.add(series(stage + ", test", s, "", epochs, EpochRecord::testAccuracy));
            lines.add(series(stage + ", training (augmented)", s, "5 4", epochs, EpochRecord::trainAccuracy));
        }
        int last = records.stream().mapToInt(EpochRecord::epoch).max().orElse(1);
        return new LineChart("accuracy by epoch", horizontal(last), Axis.none(), vertical(records), lines).svg();
    }

    private static Series series(
            String name, int colour, String dash, List<EpochRecord> epochs, ToDoubleFunction<EpochRecord> accuracy) {
        List<Point> points = epochs.stream()
                .map(record -> {
                    double y = accuracy.applyAsDouble(record);
                    String hover = String.format(
                            Locale.ROOT,
                            "%s, epoch %d: %s %%, loss %.3f, learning rate %.2g",
                            name,
                            record.epoch(),
                            Numbers.percent(y),
                            record.loss(),
                            record.learningRate());
                    return new Point(record.epoch(), y, y, y, hover);
                })
                .toList();
        return new Series(name, colour, dash, false, points);
    }

    private static Axis horizontal(int last) {
        int step = (int) Math.max(1, Math.ceil(RobustnessChart.step(last / 10.0)));
        List<Tick> ticks = IntStream.rangeClosed(1, last)
                .filter(epoch -> epoch == 1 || epoch % step == 0)
                .mapToObj(epoch -> new Tick(epoch, Integer.toString(epoch)))
                .toList();
        return new Axis("epoch", 1, Math.max(2, last), ticks);
    }

    private static Axis vertical(List<EpochRecord> records) {
        double least = records.stream()
                .mapToDouble(record -> Math.min(record.trainAccuracy(), record.testAccuracy()))
                .min()
                .orElse(0);
        int from = (int) Math.floor(Math.max(0, least) * 10);
        List<Tick> ticks = IntStream.rangeClosed(from, 10)
                .mapToObj(tenth -> new Tick(tenth / 10.0, Integer.toString(10 * tenth)))
                .toList();
        return new Axis("accuracy, %", from / 10.0, 1, ticks);
    }
}
