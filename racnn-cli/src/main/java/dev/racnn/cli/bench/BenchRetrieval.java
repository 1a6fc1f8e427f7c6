package dev.racnn.cli.bench;

import dev.racnn.bench.EngineMeasurement;
import dev.racnn.cli.options.EngineConverter;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn bench retrieval}: recall against speed of retrieval engines, with one thread. */
@Command(
        name = "retrieval",
        description = "Compares retrieval engines: recall against queries per second, one query at a time and in"
                + " batches, in processor time of one thread, all engines taking turns.")
final class BenchRetrieval implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final MeasurementOptions measurement = new MeasurementOptions();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineConverter.class,
            description = "An engine such as lsh:tables=32,bits=16, or an index of a cluster (with --queries); may be"
                    + " repeated. Without it: a choice of all.")
    private List<EngineFactory> engines = Stream.of(
                    "exact",
                    "libtorch",
                    "lsh",
                    "lsh:probes=48",
                    "codes",
                    "hnsw",
                    "hnsw:shortlist=20",
                    "hnsw:shortlist=30",
                    "hnsw:shortlist=100")
            .map(EngineFactory::parse)
            .toList();

    BenchRetrieval() {}

    @Override
    public Integer call() throws IOException {
        Threads.use(1);
        VectorOptions.Vectors vectors = measurement.read(spec, engines);
        List<EngineMeasurement> measured =
                measurement.measure(vectors, engines, 1, spec.commandLine().getErr());
        measurement.show(vectors, engines, measured, 1, spec.commandLine().getOut());
        return 0;
    }
}
