package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.data.Batch;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Subset;
import dev.racnn.files.Folders;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.Indexing;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn bench index}: what reading images and storing candidates add to the passes that an index needs. */
@Command(
        name = "index",
        description = "Compares making a candidate set from DATA, decoding included, with the bare passes of as many"
                + " images through phi and phi'. The bundle stays as it is.")
final class BenchIndex implements Callable<Integer> {
    private static final String BARE = "passes";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN.")
    private Path model;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Takes the first N images alone. All files of a folder are looked up even so, which weighs"
                    + " more the fewer of them are read.")
    private @Nullable Integer limit;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder, empty or not there yet, for the candidate sets, which are deleted again; on the disk that"
                            + " is asked about.")
    private Path out;

    @Mixin
    private ComparisonOptions comparison;

    BenchIndex() {}

    @Override
    public Integer call() throws IOException {
        Timings timings = comparison.timings();
        requireEmpty();
        compute.apply();
        try (Bundle bundle = compute.open(model);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            DataSource source = data.source().preprocessed(bundle.description().preprocessing());
            Dataset first = images(source);
            int count = first.size();
            Tensor batch =
                    Batch.range(first, 0, Math.min(Indexing.BATCH, count)).images();
            timings.add(BARE, () -> {
                for (int begin = 0; begin < count; begin += Indexing.BATCH) {
                    try (var _ = Scope.open()) {
                        bundle.pass(batch.narrow(0, 0, Math.min(Indexing.BATCH, count - begin)));
                    }
                }
            });
            // Opened anew every time: what was decoded once would be kept.
            timings.add("candidate set", () -> build(bundle, source, out.resolve("candidates")));
            String title = String.format(Locale.ROOT, "%,d images in %s", count, bundle.precision());
            comparison.run(timings, count, BARE, title);
        }
        return 0;
    }

    private void requireEmpty() throws IOException {
        if (Files.exists(out) && !Folders.isEmpty(out)) {
            throw new ParameterException(
                    spec.commandLine(), "--out must be empty for candidate sets, but %s is not".formatted(out));
        }
    }

    private Dataset images(DataSource source) throws IOException {
        Dataset all = source.candidates();
        return limit == null ? all : Subset.range(all, 0, limit);
    }

    private void build(Bundle bundle, DataSource source, Path set) {
        try {
            bundle.buildIndex(set, images(source), _ -> {}, _ -> {});
            Folders.delete(set);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
