package dev.racnn.cli;

import dev.racnn.retrieval.EngineMeasurement;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.RetrievalBenchmark.Contender;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn index tune}: measures a grid of engine settings on given keys and names the fastest good one. */
@Command(
        name = "tune",
        description =
                "Measures recall against exact search, distance ratio and speed over a grid of engine settings, and"
                        + " names the fastest one that reaches the recall.")
final class IndexTune implements Callable<Integer> {
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
            description = "An engine with its settings to be tried, in place of the grid; may be repeated.")
    private List<String> engines = List.of(
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

    IndexTune() {}

    @Override
    public Integer call() throws IOException {
        if (!(recall >= 0 && recall <= 1)) {
            throw new IllegalArgumentException("--recall must be from 0 to 1, but was " + recall);
        }
        List<EngineSpec> specs = engines.stream()
                .map(engine -> MeasurementOptions.engine(spec, engine))
                .toList();
        VectorOptions.Vectors vectors = measurement.vectors().read();
        List<EngineMeasurement> measured = measurement.measure(
                vectors,
                specs.stream()
                        .map(engine -> Contender.of(engine, vectors.keys()))
                        .toList(),
                spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        measurement.show(vectors, measured, out);
        String best = measured.stream()
                .filter(one -> one.quality().recall() >= recall)
                .max(Comparator.comparingDouble(EngineMeasurement::batchQueriesPerSecond))
                .map(EngineMeasurement::engine)
                .orElse("none");
        out.printf("fastest with recall of at least %s: %s%n", recall, best);
        return 0;
    }
}
