package dev.racnn.cli;

import dev.racnn.AtomicFile;
import dev.racnn.retrieval.EngineMeasurement;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.RetrievalBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.json.JsonMapper;

/** How engines are measured, and how the measurements are shown. */
final class MeasurementOptions {
    private static final double MEGABYTE = 1e6;

    @Mixin
    private final VectorOptions vectors = new VectorOptions();

    @Option(
            names = {"-k", "--neighbours"},
            paramLabel = "K",
            defaultValue = "10",
            description = "Neighbours (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Queries of a batch (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds, of which the medians are reported (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the measurements to this file.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Plot recall against queries per second.")
    private @Nullable Path svg;

    MeasurementOptions() {}

    /** Parses an engine named on the command line. */
    static EngineSpec engine(CommandSpec command, String text) {
        try {
            return EngineSpec.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    VectorOptions vectors() {
        return vectors;
    }

    List<EngineMeasurement> measure(
            VectorOptions.Vectors measured, List<RetrievalBenchmark.Contender> contenders, PrintWriter err) {
        return new RetrievalBenchmark(k, batch, rounds)
                .run(measured.keys(), measured.queries(), measured.truth(), contenders, err::println);
    }

    /** Prints a table and writes the files that were asked for. */
    void show(VectorOptions.Vectors measured, List<EngineMeasurement> measurements, PrintWriter out)
            throws IOException {
        List<EngineMeasurement> frontier = EngineMeasurement.frontier(measurements);
        out.printf(
                "%d keys of dimension %d (%s); queries per second of one thread's processor time; * on the frontier%n",
                measured.keys().size(), measured.keys().dimension(), measured.description());
        out.printf(
                "  %-40s  %9s  %8s  %10s  %10s  %8s  %8s%n",
                "engine", "recall@" + k, "distance", "1 query/s", "batch " + batch, "build s", "heap MB");
        for (EngineMeasurement one : measurements) {
            out.printf(
                    "%s %-40s  %9.4f  %8.5f  %10.0f  %10.0f  %8.1f  %8.1f%n",
                    frontier.contains(one) ? "*" : " ",
                    one.engine(),
                    one.quality().recall(),
                    one.quality().distanceRatio(),
                    one.singleQueriesPerSecond(),
                    one.batchQueriesPerSecond(),
                    one.buildSeconds(),
                    one.heapBytes() / MEGABYTE);
        }
        if (json != null) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("vectors", measured.description());
            report.put("keys", measured.keys().size());
            report.put("dimension", measured.keys().dimension());
            report.put("k", k);
            report.put("batch", batch);
            report.put("rounds", rounds);
            report.put("processor_time", true);
            report.put("engines", measurements);
            AtomicFile.write(
                    json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
        }
        if (svg != null) {
            AtomicFile.write(svg, RecallPlot.svg(measurements, k, batch));
        }
    }
}
