package dev.racnn.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A line chart as an SVG element that needs nothing around it: colours come from CSS variables {@code --series-1} to
 * {@code --series-6} where they are defined, and from built-in ones where not.
 *
 * @param title for those who cannot see it
 * @param horizontal axis at the bottom
 * @param top a second scale along the same axis; no ticks for none
 * @param vertical axis at the left
 * @param series lines, drawn in this order
 */
record LineChart(String title, Axis horizontal, Axis top, Axis vertical, List<Series> series) {
    private static final int WIDTH = 540;
    private static final int HEIGHT = 350;
    private static final int LEFT = 56;
    private static final int RIGHT = 14;
    private static final int BOTTOM = 50;
    private static final int LEGEND_LINE = 20;
    /** Letters beyond which two names do not fit beside each other. */
    private static final int LONG_NAME = 26;

    /** What stands in for the CSS variables where there are none: a palette for colour-blind readers (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#6b7280", "#b45309", "#0b6bcb", "#0f8a5f", "#a8327a", "#7c5cd6");

    LineChart {
        series = List.copyOf(series);
    }

    /**
     * An axis.
     *
     * @param label under or beside it
     * @param min value at its beginning
     * @param max value at its end
     * @param ticks values with a label
     */
    record Axis(String label, double min, double max, List<Tick> ticks) {
        static Axis none() {
            return new Axis("", 0, 1, List.of());
        }
    }

    /** A labelled place on an axis. */
    record Tick(double value, String label) {}

    /**
     * A line.
     *
     * @param name in the legend
     * @param colour number of the colour, from 0
     * @param dash SVG dash pattern; empty for a solid line
     * @param stepped whether the value holds until the next point
     * @param points from left to right
     */
    record Series(String name, int colour, String dash, boolean stepped, List<Point> points) {}

    /**
     * A point.
     *
     * @param low lower end of the interval; equal to {@code y} for none
     * @param high upper end of the interval
     * @param hover shown when the pointer rests on it; empty for no marker
     */
    record Point(double x, double y, double low, double high, String hover) {}

    /** The SVG element. */
    String svg() {
        int header = LEGEND_LINE * Math.ceilDiv(series.size(), legendColumns()) + (top.ticks.isEmpty() ? 14 : 46);
        double plotTop = header;
        double plotBottom = HEIGHT + header - 40.0 - BOTTOM;
        int height = HEIGHT + header - 40;
        DoubleUnaryOperator x = scale(horizontal, LEFT, WIDTH - RIGHT);
        DoubleUnaryOperator y = scale(vertical, plotBottom, plotTop);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\" font-family=\"system-ui,sans-serif\" font-size=\"13\">%n"
                        .formatted(WIDTH, height, Html.escape(title)));
        svg.append("<title>%s</title>%n".formatted(Html.escape(title)));
        legend(svg);
        axes(svg, x, y, plotTop, plotBottom);
        series.forEach(line -> band(svg, line, x, y));
        series.forEach(line -> line(svg, line, x, y));
        series.forEach(line -> markers(svg, line, x, y));
        return svg.append("</svg>\n").toString();
    }

    /** Long names need a line each. */
    private int legendColumns() {
        return series.stream().anyMatch(line -> line.name.length() > LONG_NAME) ? 1 : 2;
    }

    private void legend(StringBuilder svg) {
        int columns = legendColumns();
        for (int i = 0; i < series.size(); i++) {
            Series line = series.get(i);
            int left = LEFT + i % columns * (WIDTH - LEFT - RIGHT) / columns;
            int middle = 12 + i / columns * LEGEND_LINE;
            svg.append(
                    "<line x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"2.5\"%s/><text x=\"%s\" y=\"%s\" fill=\"currentColor\">%s</text>%n"
                            .formatted(
                                    left,
                                    left + 26,
                                    middle,
                                    middle,
                                    colour(line),
                                    dash(line),
                                    left + 33,
                                    middle + 4,
                                    Html.escape(line.name)));
        }
    }

    private void axes(
            StringBuilder svg, DoubleUnaryOperator x, DoubleUnaryOperator y, double plotTop, double plotBottom) {
        svg.append("<g fill=\"currentColor\">\n");
        for (Tick tick : vertical.ticks) {
            double at = y.applyAsDouble(tick.value);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\""
                            + " stroke-opacity=\".14\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\""
                            + " opacity=\".75\">%s</text>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    at,
                    at,
                    LEFT - 8,
                    at + 4,
                    Html.escape(tick.label)));
        }
        for (Tick tick : horizontal.ticks) {
            double at = x.applyAsDouble(tick.value);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\""
                            + " stroke-opacity=\".6\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\""
                            + " opacity=\".75\">%s</text>%n",
                    at,
                    at,
                    plotBottom,
                    plotBottom + 5,
                    at,
                    plotBottom + 18,
                    Html.escape(tick.label)));
        }
        for (Tick tick : top.ticks) {
            double at = x.applyAsDouble(tick.value);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\""
                            + " stroke-opacity=\".35\" stroke-dasharray=\"2 3\"/><text x=\"%.1f\" y=\"%.1f\""
                            + " text-anchor=\"middle\" opacity=\".75\">%s</text>%n",
                    at,
                    at,
                    plotTop - 4,
                    plotBottom,
                    at,
                    plotTop - 8,
                    Html.escape(tick.label)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\".6\"/>%n",
                LEFT,
                WIDTH - RIGHT,
                plotBottom,
                plotBottom));
        double middle = (LEFT + WIDTH - RIGHT) / 2.0;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>%n",
                middle,
                plotBottom + 38,
                Html.escape(horizontal.label)));
        if (!top.ticks.isEmpty()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" opacity=\".75\" text-anchor=\"end\">%s</text>%n",
                    WIDTH - RIGHT,
                    plotTop - 24,
                    Html.escape(top.label)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(14 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                (plotTop + plotBottom) / 2,
                Html.escape(vertical.label)));
        svg.append("</g>\n");
    }

    private void band(StringBuilder svg, Series line, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        if (line.points.stream().allMatch(point -> point.low == point.high)) {
            return;
        }
        StringBuilder path = new StringBuilder();
        trace(path, line, x, point -> y.applyAsDouble(point.high), 0, 1);
        trace(path, line, x, point -> y.applyAsDouble(point.low), line.points.size() - 1, -1);
        svg.append("<path d=\"%sZ\" fill=\"%s\" fill-opacity=\".13\"/>%n".formatted(path, colour(line)));
    }

    private void line(StringBuilder svg, Series line, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        StringBuilder path = new StringBuilder();
        trace(path, line, x, point -> y.applyAsDouble(point.y), 0, 1);
        svg.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\"%s/>%n"
                .formatted(path, colour(line), dash(line)));
    }

    private void markers(StringBuilder svg, Series line, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        for (Point point : line.points) {
            if (!point.hover.isEmpty()) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"%s\"><title>%s</title></circle>%n",
                        x.applyAsDouble(point.x),
                        y.applyAsDouble(point.y),
                        colour(line),
                        Html.escape(point.hover)));
            }
        }
    }

    /** Appends a path through the points, forwards or backwards; a stepped line goes sideways before it goes down. */
    private static void trace(
            StringBuilder path,
            Series line,
            DoubleUnaryOperator x,
            java.util.function.ToDoubleFunction<Point> height,
            int from,
            int direction) {
        for (int i = from; i >= 0 && i < line.points.size(); i += direction) {
            double px = x.applyAsDouble(line.points.get(i).x);
            double py = height.applyAsDouble(line.points.get(i));
            if (path.isEmpty()) {
                path.append(String.format(Locale.ROOT, "M%.1f %.1f", px, py));
            } else if (!line.stepped || i == from) {
                path.append(String.format(Locale.ROOT, "L%.1f %.1f", px, py));
            } else if (direction > 0) {
                path.append(String.format(Locale.ROOT, "H%.1fV%.1f", px, py));
            } else {
                path.append(String.format(Locale.ROOT, "V%.1fH%.1f", py, px));
            }
        }
    }

    private static DoubleUnaryOperator scale(Axis axis, double from, double to) {
        return value -> from + Math.clamp((value - axis.min) / (axis.max - axis.min), 0, 1) * (to - from);
    }

    private static String colour(Series line) {
        int number = line.colour % COLOURS.size();
        return "var(--series-%s,%s)".formatted(number + 1, COLOURS.get(number));
    }

    private static String dash(Series line) {
        return line.dash.isEmpty() ? "" : " stroke-dasharray=\"" + line.dash + "\"";
    }
}
