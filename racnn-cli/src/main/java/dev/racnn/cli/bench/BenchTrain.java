package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.training.StepBenchmark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code racnn bench train}: training steps of the baseline and of RaCNN-K10, in both precisions, in one run. */
@Command(
        name = "train",
        description = "Compares training steps of the baseline and of RaCNN-K10, fp32 and bf16; literal sends every"
                + " distinct neighbour of a batch through phi.")
final class BenchTrain implements Callable<Integer> {
    private static final String LITERAL = "retrieval.freshNeighbours=1000";

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private ComparisonOptions comparison;

    BenchTrain() {}

    @Override
    public Integer call() throws IOException {
        Timings timings = comparison.timings();
        int threads = compute.apply();
        Dataset data = Bundled.train();
        List<StepBenchmark> all = new ArrayList<>();
        for (String precision : List.of("fp32", "bf16")) {
            String setting = "precision=" + precision;
            add(all, timings, "baseline " + precision, StepBenchmark.baseline(data, StepBenchmark.settings(setting)));
            add(
                    all,
                    timings,
                    "RaCNN-K10 " + precision,
                    StepBenchmark.racnn(data, StepBenchmark.settings(setting, "localMixup.steps=0"), threads));
            add(
                    all,
                    timings,
                    "RaCNN-K10-mixup " + precision,
                    StepBenchmark.racnn(data, StepBenchmark.settings(setting), threads));
        }
        add(
                all,
                timings,
                "RaCNN-K10 literal bf16",
                StepBenchmark.racnn(
                        data, StepBenchmark.settings("precision=bf16", "localMixup.steps=0", LITERAL), threads));
        int batch = all.getFirst().batch();
        comparison.run(timings, batch, "baseline bf16", "step of %s images".formatted(batch));
        all.forEach(StepBenchmark::close);
        return 0;
    }

    private static void add(List<StepBenchmark> all, Timings timings, String name, StepBenchmark benchmark) {
        all.add(benchmark);
        timings.add(name, () -> benchmark.run(1));
    }
}
