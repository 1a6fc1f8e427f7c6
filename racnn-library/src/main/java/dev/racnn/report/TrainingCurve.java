package dev.racnn.report;

import dev.racnn.files.AtomicFile;
import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import dev.racnn.report.LineChart.Tick;
import dev.racnn.training.EpochRecord;
import dev.racnn.training.TrainingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The course of a training as an SVG picture: training and test accuracy epoch by epoch, and below them the loss, of one
 * stage after the other.
 */
public final class TrainingCurve {
    private static final Pattern SIZE = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"");

    private TrainingCurve() {}

    /** Draws the training that a bundle logged into it. */
    public static void draw(Path bundle) throws IOException {
        AtomicFile.write(bundle.resolve("training-curve.svg"), svg(TrainingLog.read(bundle)));
    }

    /**
     * The picture; a file of it can be opened by itself.
     *
     * @param records of all stages, in order, at least one
     */
    public static String svg(List<EpochRecord> records) {
        Map<String, List<EpochRecord>> stages = new LinkedHashMap<>();
        records.forEach(record ->
                stages.computeIfAbsent(record.stage(), _ -> new ArrayList<>()).add(record));
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a training curve needs at least one epoch, but the log has none");
        }
        List<Series> accuracy = new ArrayList<>();
        List<Series> loss = new ArrayList<>();
        List<Tick> epochs = new ArrayList<>();
        List<Tick> starts = new ArrayList<>();
        int before = 0;
        int step = tickStep(records.size());
        for (Map.Entry<String, List<EpochRecord>> stage : stages.entrySet()) {
            String name = stage.getKey();
            List<EpochRecord> its = stage.getValue();
            int colour = starts.size();
            int offset = before;
            accuracy.add(series(name + ", test", colour, "", its, offset, EpochRecord::testAccuracy));
            accuracy.add(
                    series(name + ", training (augmented)", colour, "5 4", its, offset, EpochRecord::trainAccuracy));
            loss.add(series(name + ", training loss", colour, "", its, offset, EpochRecord::loss));
            int last = its.getLast().epoch();
            IntStream.rangeClosed(1, last)
                    .filter(epoch -> epoch == 1 || epoch % step == 0)
                    .forEach(epoch -> epochs.add(new Tick(offset + epoch, Integer.toString(epoch))));
            starts.add(new Tick(offset + 1.0, name));
            before += last;
        }
        Axis horizontal = new Axis("epoch", 1, Math.max(2, before), epochs);
        Axis top = starts.size() > 1 ? new Axis("", 1, Math.max(2, before), starts) : Axis.none();
        return stacked(
                new LineChart("accuracy by epoch", horizontal, top, share(records), accuracy).svg(),
                new LineChart("loss by epoch", horizontal, top, amount(records), loss).svg());
    }

    private static Series series(
            String name,
            int colour,
            String dash,
            List<EpochRecord> epochs,
            int offset,
            ToDoubleFunction<EpochRecord> value) {
        List<Point> points = epochs.stream()
                .map(record -> {
                    double y = value.applyAsDouble(record);
                    String hover = String.format(
                            Locale.ROOT,
                            "%s, epoch %d: training %s %%, test %s %%, loss %.3f, learning rate %.2g",
                            name,
                            record.epoch(),
                            Numbers.percent(record.trainAccuracy()),
                            Numbers.percent(record.testAccuracy()),
                            record.loss(),
                            record.learningRate());
                    return new Point(offset + record.epoch(), y, y, y, hover);
                })
                .toList();
        return new Series(name, colour, dash, false, points);
    }

    /** Some ten labels beside each other. */
    private static int tickStep(int epochs) {
        return (int) Math.max(1, Math.ceil(RobustnessChart.step(epochs / 10.0)));
    }

    private static Axis share(List<EpochRecord> records) {
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

    private static Axis amount(List<EpochRecord> records) {
        double most = records.stream().mapToDouble(EpochRecord::loss).max().orElse(1);
        double step = RobustnessChart.step(Math.max(most, 1e-3) / 5);
        int last = (int) Math.ceil(most / step);
        List<Tick> ticks = IntStream.rangeClosed(0, Math.max(1, last))
                .mapToObj(i -> new Tick(i * step, plain(i * step)))
                .toList();
        return new Axis("loss", 0, ticks.getLast().value(), ticks);
    }

    private static String plain(double number) {
        return String.format(Locale.ROOT, "%.4f", number).replaceFirst("\\.?0+$", "");
    }

    /** One picture of two, the second below the first. */
    private static String stacked(String upper, String lower) {
        MatchResult above = size(upper);
        MatchResult below = size(lower);
        int height = Integer.parseInt(above.group(2));
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 %s %s\">%n%s%s</svg>%n"
                .formatted(
                        above.group(1),
                        height + Integer.parseInt(below.group(2)),
                        placed(upper, 0, above),
                        placed(lower, height, below));
    }

    /** The style of a picture by itself would stretch one inside another. */
    private static String placed(String picture, int y, MatchResult size) {
        return picture.replaceFirst(" class=\"chart\"", "")
                .replaceFirst(
                        "<svg ",
                        "<svg y=\"%s\" width=\"%s\" height=\"%s\" ".formatted(y, size.group(1), size.group(2)));
    }

    private static MatchResult size(String picture) {
        return SIZE.matcher(picture).results().findFirst().orElseThrow();
    }
}
