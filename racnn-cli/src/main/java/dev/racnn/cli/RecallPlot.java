package dev.racnn.cli;

import dev.racnn.retrieval.EngineMeasurement;
import java.util.List;
import java.util.Locale;

/** Recall against queries per second as a picture: recall to the right, batch speed upwards on a logarithmic scale. */
final class RecallPlot {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;
    private static final int LEFT = 80;
    private static final int BOTTOM = 60;
    private static final int TOP = 20;
    private static final int RIGHT = 40;
    private static final int TICKS = 5;

    private final StringBuilder picture = new StringBuilder();
    private final double leastRecall;
    private final int leastDecade;
    private final int mostDecade;

    private RecallPlot(List<EngineMeasurement> measurements) {
        double least = 1;
        double slowest = Double.MAX_VALUE;
        double fastest = 0;
        for (EngineMeasurement one : measurements) {
            least = Math.min(least, one.quality().recall());
            slowest = Math.min(slowest, one.batchQueriesPerSecond());
            fastest = Math.max(fastest, one.batchQueriesPerSecond());
        }
        this.leastRecall = Math.min(0.99, least);
        this.leastDecade = (int) Math.floor(Math.log10(slowest));
        this.mostDecade = Math.max(leastDecade + 1, (int) Math.ceil(Math.log10(fastest)));
    }

    static String svg(List<EngineMeasurement> measurements, int k, int batch) {
        RecallPlot plot = new RecallPlot(measurements);
        plot.drawAxes(k, batch);
        List<EngineMeasurement> frontier = EngineMeasurement.frontier(measurements);
        for (EngineMeasurement one : measurements) {
            plot.drawPoint(one, frontier.contains(one));
        }
        return plot.picture.append("</svg>\n").toString();
    }

    private void drawAxes(int k, int batch) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\">");
        add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (int tick = 0; tick <= TICKS; tick++) {
            double recall = leastRecall + (1 - leastRecall) * tick / TICKS;
            line(x(recall), TOP, x(recall), HEIGHT - BOTTOM);
            text(x(recall), HEIGHT - BOTTOM + 18, "middle", String.format(Locale.ROOT, "%.3f", recall));
        }
        for (int decade = leastDecade; decade <= mostDecade; decade++) {
            line(LEFT, y(decade), WIDTH - RIGHT, y(decade));
            text(LEFT - 8, y(decade) + 4, "end", String.format(Locale.ROOT, "%.0f", Math.pow(10, decade)));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 15, "middle", "recall@" + k);
        text(LEFT, TOP - 6, "middle", "queries/s, batch " + batch);
    }

    private void drawPoint(EngineMeasurement one, boolean onFrontier) {
        double x = x(one.quality().recall());
        double y = y(Math.log10(one.batchQueriesPerSecond()));
        add(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
                x,
                y,
                onFrontier ? "#c0392b" : "#7f8c8d"));
        boolean rightHalf = x > (LEFT + WIDTH - RIGHT) / 2.0;
        text(x + (rightHalf ? -7 : 7), y + 4, rightHalf ? "end" : "start", one.engine());
    }

    private double x(double recall) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (recall - leastRecall) / (1 - leastRecall);
    }

    private double y(double decade) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (decade - leastDecade) / (mostDecade - leastDecade);
    }

    private void line(double x1, double y1, double x2, double y2) {
        add(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String content) {
        add(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, content));
    }

    private void add(String element) {
        picture.append(element).append('\n');
    }
}
