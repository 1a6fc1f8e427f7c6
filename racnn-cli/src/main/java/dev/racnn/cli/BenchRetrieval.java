package dev.racnn.cli;

import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.RetrievalBenchmark.Contender;
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
            description =
                    "An engine such as lsh:tables=32,bits=16, or libtorch for its matrix product and top-k; may be"
                            + " repeated. Without it: a choice of all.")
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
        List<String> names = engines.stream()
                .map(name -> name.equals(LibtorchSearch.NAME)
                        ? name
                        : MeasurementOptions.engine(spec, name).toString())
                .toList();
        VectorOptions.Vectors vectors = measurement.vectors().read();
        List<Contender> contenders = names.stream()
                .map(name -> name.equals(LibtorchSearch.NAME)
                        ? new Contender(name, () -> new LibtorchSearch(vectors.keys()))
                        : Contender.of(EngineSpec.parse(name), vectors.keys()))
                .toList();
        measurement.show(
                vectors,
                measurement.measure(vectors, contenders, spec.commandLine().getErr()),
                spec.commandLine().getOut());
        return 0;
    }
}
