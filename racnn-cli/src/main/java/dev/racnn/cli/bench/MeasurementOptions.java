package dev.racnn.cli.bench;

import dev.racnn.bench.EngineMeasurement;
import dev.racnn.bench.RetrievalBenchmark;
import dev.racnn.bench.RetrievalBenchmark.Contender;
import dev.racnn.files.AtomicFile;
import dev.racnn.retrieval.EngineFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.json.JsonMapper;

/** How engines are measured, and how the measurements are shown. */
public final class MeasurementOptions {
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

    public MeasurementOptions() {}

    /**
     * Reads the keys and queries.
     *
     * @param engines what is to be measured
     * @throws ParameterException if an option is out of range
     * @throws IOException if a file cannot be read
     */
    public VectorOptions.Vectors read(CommandSpec command, List<EngineFactory> engines) throws IOException {
        if (vectors.takesQueriesOut() && engines.stream().anyMatch(EngineFactory::holdsKeys)) {
            throw new ParameterException(
                    command.commandLine(),
                    "an index of a cluster holds all keys of the candidate set, so that none can be taken out as a"
                            + " query; give --queries FILE");
        }
        try {
            var _ = new RetrievalBenchmark(k, batch, rounds);
            return vectors.read();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /**
     * Measures engines.
     *
     * @param threads threads that build and search; speeds are by the clock if there are several
     */
    public List<EngineMeasurement> measure(
            VectorOptions.Vectors measured, List<EngineFactory> engines, int threads, PrintWriter err) {
        return new RetrievalBenchmark(k, batch, rounds)
                .run(
                        measured.keys(),
                        measured.queries(),
                        measured.truth(),
                        engines.stream()
                                .map(engine -> Contender.of(engine, measured.keys(), threads))
                                .toList(),
                        err::println);
    }

    /** Prints a table and writes the files that were asked for. */
    public void show(
            VectorOptions.Vectors measured,
            List<EngineFactory> engines,
            List<EngineMeasurement> measurements,
            int threads,
            PrintWriter out)
            throws IOException {
        List<EngineMeasurement> frontier = EngineMeasurement.frontier(measurements);
        boolean someByTheClock = threads > 1 || engines.stream().anyMatch(EngineFactory::holdsKeys);
        out.printf(
                "%s keys of dimension %s (%s); queries per second of %s; * on the frontier%n",
                measured.keys().size(),
                measured.keys().dimension(),
                measured.description(),
                threads > 1
                        ? "%s threads, by the clock".formatted(threads)
                        : "one thread's processor time" + (someByTheClock ? ", of a cluster by the clock" : ""));
        out.printf(
                "  %-40s  %9s  %8s  %10s  %10s  %8s  %8s%n",
                "engine", "recall@" + k, "distance", "1 query/s", "batch " + batch, "build s", "heap MB");
        for (EngineMeasurement one : measurements) {
            out.printf(
                    Locale.ROOT,
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
            report.put("threads", threads);
            report.put("processor_time", !someByTheClock);
            report.put("engines", measurements);
            AtomicFile.write(
                    json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
        }
        if (svg != null) {
            AtomicFile.write(svg, RecallPlot.svg(measured, measurements, k, batch));
        }
    }
}
