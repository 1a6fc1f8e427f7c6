package dev.racnn.cli.experiment;

import dev.racnn.Part;
import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EvaluationFiles;
import dev.racnn.cli.options.PartConverter;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.cli.terminal.TrainingProgress;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.experiment.Experiment;
import dev.racnn.experiment.ExperimentFile;
import dev.racnn.experiment.ExperimentRun;
import dev.racnn.experiment.Lent;
import dev.racnn.report.TrainingCurve;
import dev.racnn.tensor.Precision;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn experiment run}: trains, indexes, evaluates and reports what a file asks for. */
@Command(
        name = "run",
        description =
                "Runs the experiment of a file: trains the models that are missing, computes their candidate sets,"
                    + " runs every attack on the same images, and reports beside the paper's numbers. Started again in"
                    + " the same folder, it goes on with the first cell that is not finished.")
final class ExperimentRunCommand implements Callable<Integer>, ExperimentRun.Machine {
    private static final String GO_ON = "start the same command again to go on";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Parameters(paramLabel = "FILE", description = "An experiment in YAML, such as experiments/cifar10-table1.yaml.")
    private Path file;

    @Mixin
    private DataOptions data;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for results and report.")
    private Path out;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Folder of the models that are trained, OUT/models by default; processes that do parts of one"
                    + " experiment share it.")
    private @Nullable Path models;

    @Option(
            names = "--part",
            paramLabel = "I/N",
            converter = PartConverter.class,
            description =
                    "Does the I-th of N shares of the images of every attack, in a folder of its own; `racnn experiment"
                            + " merge` joins them.")
    private Part part = Part.WHOLE;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Attacks at most N images with any attack; those that the file asks for by default.")
    private @Nullable Integer limit;

    private int threads;

    ExperimentRunCommand() {}

    @Override
    public Integer call() throws IOException {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, but is " + limit);
        }
        Experiment experiment = ExperimentFile.read(file);
        threads = compute.apply();
        Interruption.keeps("finished epochs and cells are kept, " + GO_ON);
        Evaluation evaluation = new ExperimentRun(
                        experiment,
                        data.source(),
                        out,
                        models == null ? out.resolve("models") : models,
                        part,
                        limit == null ? Integer.MAX_VALUE : limit,
                        CommandText.of(spec),
                        this,
                        new StepProgress(spec.commandLine().getErr()))
                .run(this::report);
        EvaluationFiles.print(spec.commandLine().getOut(), evaluation, out);
        return 0;
    }

    private void report(Evaluation evaluation) {
        try {
            EvaluationFiles.render(evaluation, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ExperimentRun.Trainer trainer() {
        return this::train;
    }

    private void train(String name, TrainingSettings settings, TrainingData images, Path bundle, Lent lent)
            throws IOException {
        spec.commandLine().getErr().println("training " + name);
        Training training = new Training(
                settings,
                images,
                bundle,
                CommandText.of(spec),
                new TrainingProgress(spec.commandLine().getErr(), GO_ON),
                threads);
        lent.train(training, Files.isDirectory(bundle));
        TrainingCurve.draw(bundle);
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public @Nullable Precision precision() {
        return compute.precisionOfAttacks();
    }

    @Override
    public Map<String, String> environment() {
        return CommandText.environment(compute, threads);
    }
}
