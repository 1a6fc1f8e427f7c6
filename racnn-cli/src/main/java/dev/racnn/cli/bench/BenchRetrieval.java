package dev.racnn.cli.bench;

import dev.racnn.bench.EngineMeasurement;
import dev.racnn.cli.options.EngineChoice;
import dev.racnn.cli.options.LibtorchSearch;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
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
            converter = EngineChoice.ConverterWithLibtorch.class,
            description =
                    "An engine such as lsh:tables=32,bits=16, an index of a cluster (with --queries), or libtorch for"
                            + " its matrix product and top-k; may be repeated. Without it: a choice of all.")
    private List<String> engines = List.of(
            "exact",
            LibtorchSearch.NAME,
            "lsh",
            "lsh:probes=48",
            "codes",
            "hnsw",
            "hnsw:shortlist=20",
            "hnsw:shortlist=30",
            "hnsw:shortlist=100");

    BenchRetrieval() {}

    @Override
    public Integer call() throws IOException {
        Threads.use(1);
        VectorOptions.Vectors vectors = measurement.read(spec, engines);
        List<EngineMeasurement> measured =
                measurement.measure(vectors, engines, 1, spec.commandLine().getErr());
        measurement.show(vectors, measured, 1, spec.commandLine().getOut());
        return 0;
    }
}
