package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subjects;
import dev.racnn.model.Classifier;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Mixin
    private ComparisonOptions comparison;

    BenchInfer() {}

    @Override
    public Integer call() throws IOException {
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch must be at least 1, but is " + batch);
        }
        Timings timings = comparison.timings();
        int threads = compute.apply();
        Dataset test = Subjects.images(data.source(), List.of(model)).test();
        BundleDescription.read(model).requireClasses(test.classNames());
        try (Bundle bundle = compute.open(model);
                CandidateSnapshot candidates = bundle.candidates(engine.orOwnOf(bundle), threads);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor images = Batch.range(test, 0, batch).images();
            Classifier plain = bundle.withoutRetrieval();
            KeyExtractor keys = bundle.keyExtractor();
            timings.add(BARE, () -> {
                try (var _ = Scope.open()) {
                    plain.logits(images);
                    keys.keys(images);
                }
            });
            for (int k : NEIGHBOURS) {
                if (k > candidates.size()) {
                    break;
                }
                RetrievalAugmentedClassifier racnn = bundle.classifier(candidates, k);
                timings.add("RaCNN-K" + k, () -> {
                    try (var _ = Scope.open()) {
                        racnn.logits(images);
                    }
                });
            }
            spec.commandLine()
                    .getOut()
                    .printf(Locale.ROOT, "batches of %s images, %,d candidates%n", batch, candidates.size());
            comparison.run(timings, batch, BARE, "");
        }
        return 0;
    }
}
