package dev.racnn.cli.bench;

import dev.racnn.bench.EngineMeasurement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Recall against queries per second as a picture of two panels, for single queries and for batches: recall to the right,
 * speed upwards on a logarithmic scale. A line joins the engines that no other surpasses in both. Names stand in a column
 * beside the panel, where they cannot overlap, each with a thin line to its point.
 */
final class RecallPlot {
    private static final int PANEL_WIDTH = 620;
    private static final int LEFT = 70;
    private static final int PLOT_WIDTH = 310;
    private static final int TOP = 80;
    private static final int BOTTOM = 50;
    private static final int LEAST_PLOT_HEIGHT = 340;
    private static final int LABEL_STEP = 16;
    private static final int LABEL_GAP = 30;
    private static final int TICKS = 4;
    private static final String ON_FRONTIER = "#c0392b";
    private static final String BEHIND = "#7f8c8d";

    private final StringBuilder picture = new StringBuilder();
    private final int plotHeight;
    private final double leastRecall;

    private RecallPlot(List<EngineMeasurement> measurements) {
        double least = measurements.stream()
                .mapToDouble(one -> one.quality().recall())
                .min()
                .orElse(1);
        this.leastRecall = Math.min(0.99, Math.floor(least * 100) / 100);
        this.plotHeight = Math.max(LEAST_PLOT_HEIGHT, measurements.size() * LABEL_STEP);
    }

    static String svg(VectorOptions.Vectors vectors, List<EngineMeasurement> measurements, int k, int batch) {
        RecallPlot plot = new RecallPlot(measurements);
        int width = 2 * PANEL_WIDTH;
        plot.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                width, TOP + plot.plotHeight + BOTTOM);
        plot.add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        plot.add(
                "<text x=\"%.1f\" y=\"24\" text-anchor=\"middle\" font-size=\"16\">%,d x %,d keys, k = %d</text>",
                width / 2.0, vectors.keys().size(), vectors.keys().dimension(), k);
        plot.text(width / 2.0, 44, "middle", vectors.description());
        plot.panel(0, "one query at a time", k, measurements, EngineMeasurement::singleQueriesPerSecond);
        plot.panel(PANEL_WIDTH, "batches of " + batch, k, measurements, EngineMeasurement::batchQueriesPerSecond);
        return plot.picture.append("</svg>\n").toString();
    }

    private void panel(
            int shift, String title, int k, List<EngineMeasurement> all, ToDoubleFunction<EngineMeasurement> speed) {
        Scale scale = Scale.of(all.stream().mapToDouble(speed).toArray());
        add("<g transform=\"translate(%d 0)\">", shift);
        axes(title, k, scale);
        List<EngineMeasurement> frontier = EngineMeasurement.frontier(all, speed).stream()
                .sorted(Comparator.comparingDouble(one -> one.quality().recall()))
                .toList();
        String corners = frontier.stream()
                .map(one -> String.format(
                        Locale.ROOT, "%.1f,%.1f", x(one.quality().recall()), y(scale, speed.applyAsDouble(one))))
                .collect(Collectors.joining(" "));
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>", corners, ON_FRONTIER);
        List<EngineMeasurement> downwards = new ArrayList<>(all);
        downwards.sort(Comparator.comparingDouble(speed).reversed());
        double[] heights = downwards.stream()
                .mapToDouble(one -> y(scale, speed.applyAsDouble(one)))
                .toArray();
        double[] labels = apart(heights);
        for (int i = 0; i < labels.length; i++) {
            EngineMeasurement one = downwards.get(i);
            point(one, heights[i], labels[i], frontier.contains(one) ? ON_FRONTIER : BEHIND);
        }
        add("</g>");
    }

    private void axes(String title, int k, Scale scale) {
        text(LEFT + PLOT_WIDTH / 2.0, TOP - 12, "middle", title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double recall = leastRecall + (1 - leastRecall) * tick / TICKS;
            line(x(recall), TOP, x(recall), TOP + plotHeight, "#dddddd");
            text(x(recall), TOP + plotHeight + 18, "middle", String.format(Locale.ROOT, "%.4f", recall));
        }
        for (int decade = scale.least(); decade <= scale.most(); decade++) {
            double height = y(scale, Math.pow(10, decade));
            line(LEFT, height, LEFT + PLOT_WIDTH, height, "#dddddd");
            text(LEFT - 8, height + 4, "end", String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade)));
        }
        text(LEFT + PLOT_WIDTH / 2.0, TOP + plotHeight + 38, "middle", "recall@" + k);
        text(LEFT - 8, TOP - 12, "end", "queries/s");
    }

    private void point(EngineMeasurement one, double height, double label, String colour) {
        double x = x(one.quality().recall());
        line(x, height, LEFT + PLOT_WIDTH + LABEL_GAP - 4, label, "#bbbbbb");
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, height, colour);
        text(LEFT + PLOT_WIDTH + LABEL_GAP, label + 4, "start", one.engine());
    }

    /** Heights near the given ascending ones, a label's height apart, within the plot. */
    private double[] apart(double[] heights) {
        double[] labels = heights.clone();
        for (int i = 1; i < labels.length; i++) {
            labels[i] = Math.max(labels[i], labels[i - 1] + LABEL_STEP);
        }
        double lowest = TOP + plotHeight;
        for (int i = labels.length - 1; i >= 0; i--) {
            labels[i] = Math.min(labels[i], lowest);
            lowest = labels[i] - LABEL_STEP;
        }
        return labels;
    }

    private double x(double recall) {
        return LEFT + PLOT_WIDTH * (recall - leastRecall) / (1 - leastRecall);
    }

    private double y(Scale scale, double speed) {
        return TOP + plotHeight * (scale.most() - Math.log10(speed)) / (scale.most() - scale.least());
    }

    private void line(double x1, double y1, double x2, double y2, String colour) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>", x1, y1, x2, y2, colour);
    }

    private void text(double x, double y, String anchor, String content) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(content));
    }

    private static String escaped(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void add(String element, Object... values) {
        picture.append(String.format(Locale.ROOT, element, values)).append('\n');
    }

    /** Powers of ten that a logarithmic axis begins and ends with. */
    private record Scale(int least, int most) {
        static Scale of(double[] values) {
            double smallest = Double.MAX_VALUE;
            double largest = Double.MIN_VALUE;
            for (double value : values) {
                smallest = Math.min(smallest, value);
                largest = Math.max(largest, value);
            }
            int least = (int) Math.floor(Math.log10(smallest));
            return new Scale(least, Math.max(least + 1, (int) Math.ceil(Math.log10(largest))));
        }
    }
}
