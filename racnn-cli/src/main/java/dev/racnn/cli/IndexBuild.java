package dev.racnn.cli;

import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn index build}: computes the candidate set D' of a bundle from images. */
@Command(
        name = "build",
        description = "Computes keys and features of all candidate images of DATA and stores them in the bundle."
                + " An interrupted build continues where it stopped.")
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
            required = true,
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS)
    private DataSource data;

    IndexBuild() {}

    @Override
    public Integer call() throws IOException {
        compute.apply();
        try (Bundle bundle = Bundle.open(model)) {
            Dataset candidates =
                    data.resizedTo(bundle.description().imageSize()).candidates();
            StepProgress progress = new StepProgress(spec.commandLine().getErr());
            bundle.buildIndex(candidates, done -> progress.update("index", done, candidates.size()));
            spec.commandLine().getOut().printf("%d candidates in %s%n", candidates.size(), bundle.candidatesFolder());
        }
        return 0;
    }
}
