package dev.racnn.cli.index;

import dev.racnn.bench.EngineMeasurement;
import dev.racnn.cli.bench.MeasurementOptions;
import dev.racnn.cli.bench.VectorOptions;
import dev.racnn.cli.options.EngineConverter;
import dev.racnn.retrieval.EngineFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn index tune}: measures a grid of engine settings on given keys and names the fastest good one. */
@Command(
        name = "tune",
        description =
                "Measures recall against exact search, distance ratio and speed over a grid of engine settings, and"
                        + " names the fastest one that reaches the recall.")
final class IndexTune implements Callable<Integer> {
    /** Keys from this width on have principal components worth searching in their place. */
    private static final int WIDE = 512;

    private static final List<String> GRID = List.of(
            "exact",
            "hnsw:shortlist=20",
            "hnsw:shortlist=30",
            "hnsw",
            "hnsw:shortlist=100",
            "hnsw:m=32,shortlist=50",
            "lsh:probes=8",
            "lsh",
            "lsh:probes=48",
            "codes:shortlist=50",
            "codes:shortlist=200",
            "codes:bits=512,shortlist=50");

    private static final List<String> GRID_OF_COMPONENTS = List.of(
            "hnsw:components=128,shortlist=200",
            "hnsw:components=256",
            "hnsw:components=256,shortlist=100",
            "hnsw:components=256,shortlist=200",
            "lsh:components=256,shortlist=200",
            "codes:components=256");

    @Spec
    private CommandSpec spec;

    @Mixin
    private final MeasurementOptions measurement = new MeasurementOptions();

    @Option(
            names = "--recall",
            paramLabel = "R",
            defaultValue = "0.99",
            description = "Recall to reach, from 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double recall;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineConverter.class,
            description =
                    "An engine with its settings to be tried, in place of the grid; may be repeated. An index of a"
                            + " cluster needs --queries.")
    private List<EngineFactory> engines = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that build and search, 1 by default; with more, speeds are by the clock.")
    private int threads;

    IndexTune() {}

    @Override
    public Integer call() throws IOException {
        if (!(recall >= 0 && recall <= 1)) {
            throw new ParameterException(spec.commandLine(), "--recall must be from 0 to 1, but was " + recall);
        }
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads must be at least 1, but was " + threads);
        }
        VectorOptions.Vectors vectors = measurement.read(spec, engines);
        List<EngineFactory> tried = engines.isEmpty() ? grid(vectors.keys().dimension()) : engines;
        List<EngineMeasurement> measured =
                measurement.measure(vectors, tried, threads, spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        measurement.show(vectors, tried, measured, threads, out);
        String best = measured.stream()
                .filter(one -> one.quality().recall() >= recall)
                .max(Comparator.comparingDouble(EngineMeasurement::batchQueriesPerSecond))
                .map(EngineMeasurement::engine)
                .orElse("none");
        out.printf("fastest with recall of at least %s: %s%n", recall, best);
        return 0;
    }

    /** What is tried by default: wide keys are also searched by their principal components. */
    private static List<EngineFactory> grid(int dimension) {
        return Stream.concat(GRID.stream(), dimension < WIDE ? Stream.empty() : GRID_OF_COMPONENTS.stream())
                .map(EngineFactory::parse)
                .toList();
    }
}
