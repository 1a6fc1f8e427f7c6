package dev.racnn.cli;

import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.TrainingProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.report.TrainingCurve;
import dev.racnn.training.BackboneFiles;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
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

    @Mixin
    private DataOptions data;

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

    @Option(
            names = "--backbone",
            paramLabel = "FILE",
            description =
                    "Takes a feature extractor that stays as it is, and trains what is around it: a TorchScript file"
                            + " with its settings in a YAML file beside it, the bundle of a baseline, or weights of a"
                            + " ResNet (.pth, .safetensors).")
    private @Nullable Path backbone;

    @Option(
            names = "--features",
            paramLabel = "NODE",
            description =
                    "With a TorchScript backbone: the inner module whose output the features are, or penultimate for"
                            + " what its last layer is given; its own output by default.")
    private @Nullable String features;

    @Option(
            names = "--key-backbone",
            paramLabel = "FILE",
            description = "Takes retrieval keys from another backbone; from that of --backbone by default.")
    private @Nullable Path keyBackbone;

    @Option(
            names = "--key-features",
            paramLabel = "NODE",
            description = "As --features, for the retrieval keys; what --features names by default.")
    private @Nullable String keyFeatures;

    TrainCommand() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        TrainingSettings settings = settings();
        Interruption.keeps("no epoch is finished yet");
        BackboneFiles frozen = frozen();
        Preprocessing preprocessing = frozen == null ? settings.preprocessing() : frozen.preprocessing(settings);
        DataSource images = imageOptions.of(data.source().preprocessed(preprocessing));
        Dataset train = images.train();
        Dataset candidates = images.candidatesAreTraining() ? train : images.candidates();
        Training training = new Training(
                settings,
                new TrainingData(data.source().toString(), train, images.test(), candidates),
                out,
                CommandText.of(spec),
                new TrainingProgress(spec.commandLine().getErr(), "continue with --resume"),
                threads);
        if (frozen == null) {
            training.run(resume, extractor, baseline);
        } else {
            training.runFrozen(resume, frozen);
        }
        drawCurve(out);
        spec.commandLine().getOut().println("bundle " + out);
        return 0;
    }

    private @Nullable BackboneFiles frozen() {
        if (backbone == null) {
            if (features != null || keyBackbone != null || keyFeatures != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--features, --key-backbone and --key-features belong to a backbone: add --backbone FILE");
            }
            return null;
        }
        if (extractor != null || baseline != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--backbone excludes --extractor and --baseline: its phi and phi' stay as they are; name one of"
                            + " them");
        }
        return new BackboneFiles(backbone, features, keyBackbone, keyFeatures);
    }

    /** What is wrong with the file is a failure; what the options make wrong of it is wrong usage. */
    private TrainingSettings settings() throws IOException {
        List<String> changes = new ArrayList<>(overrides);
        if (compute.precision() != null) {
            changes.add("precision=" + compute.precision());
        }
        TrainingSettings unchanged = read(List.of());
        try {
            return changes.isEmpty() ? unchanged : read(changes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private TrainingSettings read(List<String> changes) throws IOException {
        return backbone == null ? SettingsFile.read(config, changes) : SettingsFile.readFrozen(config, changes);
    }

    /** Draws the curve of a training into its bundle. */
    static void drawCurve(Path bundle) throws IOException {
        TrainingCurve.draw(bundle);
    }
}
