package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.files.AtomicFile;
import dev.racnn.training.StepBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code racnn bench train}: training steps of the baseline and of RaCNN-K10, in both precisions, in one run. */
@Command(
        name = "train",
        description = "Compares training steps of the baseline and of RaCNN-K10, fp32 and bf16; literal sends every"
                + " distinct neighbour of a batch through phi.")
final class BenchTrain implements Callable<Integer> {
    private static final String LITERAL = "retrieval.freshNeighbours=1000";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Measured rounds; 5 by default.")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the measurements as JSON.")
    private @Nullable Path json;

    BenchTrain() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        Dataset data = Bundled.train();
        List<StepBenchmark> all = new ArrayList<>();
        Timings timings = new Timings();
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
        timings.run(rounds);
        all.forEach(StepBenchmark::close);
        report(timings, all.getFirst().batch());
        return 0;
    }

    private static void add(List<StepBenchmark> all, Timings timings, String name, StepBenchmark benchmark) {
        all.add(benchmark);
        timings.add(name, () -> benchmark.run(1));
    }

    private void report(Timings timings, int batch) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        out.printf("%-24s %10s %24s%n", "step of " + batch + " images", "images/s", "time / bf16 baseline");
        for (String name : List.of(
                "baseline fp32",
                "baseline bf16",
                "RaCNN-K10 fp32",
                "RaCNN-K10 bf16",
                "RaCNN-K10-mixup fp32",
                "RaCNN-K10-mixup bf16",
                "RaCNN-K10 literal bf16")) {
            Timings.Spread ratio = timings.ratio(name, "baseline bf16");
            double speed = batch / timings.seconds(name).median();
            out.printf(
                    Locale.ROOT,
                    "%-24s %10.0f %10.2f (%.2f to %.2f)%n",
                    name,
                    speed,
                    ratio.median(),
                    ratio.min(),
                    ratio.max());
            rows.put(name, Map.of("imagesPerSecond", speed, "seconds", timings.seconds(name), "ratio", ratio));
        }
        if (json != null) {
            AtomicFile.write(
                    json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        }
    }
}
