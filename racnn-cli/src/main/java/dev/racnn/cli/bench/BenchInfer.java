package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subjects;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Classifier;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code racnn bench infer}: what retrieval adds to the cost of an answer, at several K, in one run. */
@Command(
        name = "infer",
        description = "Compares answers of a RaCNN at several K with the bare passes through phi and phi'.")
final class BenchInfer implements Callable<Integer> {
    private static final String BARE = "phi and phi'";
    private static final List<Integer> NEIGHBOURS = List.of(1, 5, 10, 50, 100);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN, indexed.")
    private Path model;

    @Mixin
    private DataOptions data;

    @Mixin
    private EngineOptions engine;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images at a time; 128 by default.")
    private int batch;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "9", description = "Measured rounds; 9 by default.")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the measurements as JSON.")
    private @Nullable Path json;

    BenchInfer() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        Dataset test = Subjects.images(data.source(), List.of(model)).test();
        BundleDescription.read(model).requireClasses(test.classNames());
        try (Bundle bundle = compute.open(model);
                CandidateSnapshot candidates = bundle.candidates(engine.orOwnOf(bundle), threads);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor images = Batch.range(test, 0, batch).images();
            Timings timings = new Timings();
            Classifier plain = bundle.withoutRetrieval();
            KeyExtractor keys = bundle.keyExtractor();
            timings.add(BARE, () -> {
                try (var _ = Scope.open()) {
                    plain.logits(images);
                    keys.keys(images);
                }
            });
            List<Integer> sizes =
                    NEIGHBOURS.stream().filter(k -> k <= candidates.size()).toList();
            for (int k : sizes) {
                RetrievalAugmentedClassifier racnn = bundle.classifier(candidates, k);
                timings.add("RaCNN-K" + k, () -> {
                    try (var _ = Scope.open()) {
                        racnn.logits(images);
                    }
                });
            }
            timings.run(rounds);
            report(timings, sizes, candidates.size());
        }
        return 0;
    }

    private void report(Timings timings, List<Integer> sizes, int candidates) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        out.printf(Locale.ROOT, "batches of %s images, %,d candidates%n", batch, candidates);
        out.printf("%-14s %10s %24s%n", "", "images/s", "time / " + BARE);
        row(out, timings, BARE, rows);
        for (int k : sizes) {
            row(out, timings, "RaCNN-K" + k, rows);
        }
        if (json != null) {
            AtomicFile.write(
                    json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        }
    }

    private void row(PrintWriter out, Timings timings, String name, Map<String, Map<String, Object>> rows) {
        Timings.Spread ratio = timings.ratio(name, BARE);
        double speed = batch / timings.seconds(name).median();
        out.printf(
                Locale.ROOT,
                "%-14s %10.0f %10.3f (%.3f to %.3f)%n",
                name,
                speed,
                ratio.median(),
                ratio.min(),
                ratio.max());
        rows.put(name, Map.of("imagesPerSecond", speed, "seconds", timings.seconds(name), "ratio", ratio));
    }
}
