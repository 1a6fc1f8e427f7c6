package dev.racnn.cli;

import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.SavedIndexes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn index build}: computes the candidate set D' of a bundle from images, and the index of its engine. */
@Command(
        name = "build",
        description = "Computes keys and features of all candidate images of DATA and stores them in the bundle, with"
                + " the index of a retrieval engine. An interrupted build continues where it stopped.")
final class IndexBuild implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN.")
    private Path model;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS
                    + " Without it the candidates stay, and only the index of the engine is built.")
    private @Nullable DataSource data;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "Retrieval engine whose index is built; that of the bundle by default.")
    private @Nullable String engine;

    IndexBuild() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        PrintWriter out = spec.commandLine().getOut();
        try (Bundle bundle = Bundle.open(model)) {
            String text = engine == null ? bundle.description().engine() : engine;
            Optional<EngineSpec> local = EngineChoice.local(text);
            if (data != null) {
                Dataset candidates =
                        data.resizedTo(bundle.description().imageSize()).candidates();
                Interruption.keeps("start the same command again to go on");
                StepProgress progress = new StepProgress(spec.commandLine().getErr());
                bundle.buildIndex(candidates, done -> progress.update("index", done, candidates.size()));
                out.printf("%d candidates in %s%n", candidates.size(), bundle.candidatesFolder());
            }
            if (local.isPresent()) {
                SavedIndexes.build(bundle.candidatesFolder(), local.get(), threads);
                out.printf("index of %s%n", text);
            }
        }
        return 0;
    }
}
