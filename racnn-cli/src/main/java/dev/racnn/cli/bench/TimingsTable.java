package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What pieces of work took beside one of them, as text and as JSON: medians, and the smallest and largest ratio of a round.
 *
 * @param timings after all rounds
 * @param images that each piece of work goes through
 * @param base the piece that the others are compared with
 */
record TimingsTable(Timings timings, int images, String base) {
    /** Prints speeds and ratios. */
    void print(PrintWriter out, String title) {
        out.printf("%-24s %10s  %-24s  %s%n", title, "images/s", "time / " + base, "processor time / " + base);
        for (String name : timings.names()) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %10.0f  %-24s  %s%n",
                    name,
                    speed(name),
                    spread(timings.ratio(name, base)),
                    spread(timings.processorRatio(name, base)));
        }
    }

    private static String spread(Timings.Spread ratio) {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", ratio.median(), ratio.min(), ratio.max());
    }

    /** Writes the same as JSON. */
    void write(Path json) throws IOException {
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        for (String name : timings.names()) {
            rows.put(
                    name,
                    Map.of(
                            "imagesPerSecond",
                            speed(name),
                            "seconds",
                            timings.seconds(name),
                            "ratio",
                            timings.ratio(name, base),
                            "processorRatio",
                            timings.processorRatio(name, base)));
        }
        AtomicFile.write(
                json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
    }

    private double speed(String name) {
        return images / timings.seconds(name).median();
    }
}
