package dev.racnn.cli;

import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.TrainingProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import dev.racnn.files.AtomicFile;
import dev.racnn.report.TrainingCurve;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingLog;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn train}: trains a baseline or a RaCNN and leaves a bundle. */
@Command(
        name = "train",
        description =
                "Trains a baseline or a RaCNN. Checkpoints at the end of every epoch; --resume goes on from there.")
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in YAML; what it leaves out has its default.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            required = true,
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS)
    private DataSource data;

    @Mixin
    private ImageOptions imageOptions;

    @Option(names = "--out", paramLabel = "BUNDLE", required = true, description = "Folder to make.")
    private Path out;

    @Option(
            names = "--resume",
            description =
                    "Continue the training that stands in the folder, with the same settings, images and extractor.")
    private boolean resume;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes a setting, for example retrieval.neighbours=5. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--extractor",
            paramLabel = "BUNDLE",
            description = "Takes phi' and g' from this RaCNN bundle instead of training them.")
    private @Nullable Path extractor;

    @Option(
            names = "--baseline",
            paramLabel = "BUNDLE",
            description = "Begins phi and g as those of this baseline, with retrieval.start=baseline.")
    private @Nullable Path baseline;

    TrainCommand() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        TrainingSettings settings = settings();
        Interruption.keeps("no epoch is finished yet");
        ImageSize size = new ImageSize(settings.imageSize(), settings.imageSize());
        DataSource images = imageOptions.of(data.preprocessed(Preprocessing.bilinear(size)));
        Dataset train = images.train();
        Dataset candidates = images.candidatesAreTraining() ? train : images.candidates();
        Training training = new Training(
                settings,
                new TrainingData(data.toString(), train, images.test(), candidates),
                out,
                CommandText.of(spec),
                new TrainingProgress(spec.commandLine().getErr(), "continue with --resume"),
                threads);
        run(training, out, resume, extractor, baseline);
        spec.commandLine().getOut().println("bundle " + out);
        return 0;
    }

    /** What is wrong with the file is a failure; what the options make wrong of it is wrong usage. */
    private TrainingSettings settings() throws IOException {
        List<String> changes = new ArrayList<>(overrides);
        if (compute.precision() != null) {
            changes.add("precision=" + compute.precision());
        }
        TrainingSettings unchanged = SettingsFile.read(config, List.of());
        try {
            return changes.isEmpty() ? unchanged : SettingsFile.read(config, changes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Trains to the end and draws the curve of the training into the bundle. */
    static void run(Training training, Path bundle, boolean resume, @Nullable Path extractor, @Nullable Path baseline)
            throws IOException {
        training.run(resume, extractor, baseline);
        AtomicFile.write(bundle.resolve("training-curve.svg"), TrainingCurve.svg(TrainingLog.read(bundle)));
    }
}
