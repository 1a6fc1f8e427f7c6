package dev.racnn.cli;

import dev.racnn.Progress;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.cli.terminal.TrainingProgress;
import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.EvaluationPlan;
import dev.racnn.evaluation.Evaluator;
import dev.racnn.evaluation.Subjects;
import dev.racnn.evaluation.Suite;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
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

/** {@code racnn quickstart}: the whole chain on the images that ship with the project. */
@Command(
        name = "quickstart",
        description = "Trains a baseline and a RaCNN-K5 with local mixup on 5,000 CIFAR-10 images that ship with the"
                + " project, attacks both with FGSM, and writes a report. Started again, it goes on where it was"
                + " stopped.")
final class QuickstartCommand implements Callable<Integer> {
    private static final String GO_ON = "start the same command again to go on";
    private static final int SEED = 1;
    private static final int GALLERY = 4;
    private static final int ATTACK_BATCH = 64;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "quickstart", description = "Folder for everything.")
    private Path out;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of every training; fewer are quicker and worse.")
    private @Nullable Integer epochs;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many of the 1,000 test images to attack, 200 by default.")
    private int limit;

    @Option(
            names = {"-k", "--neighbours"},
            paramLabel = "K",
            split = ",",
            defaultValue = "5",
            description = "K of the RaCNN in the report; several show several variants of the one trained with K = 5.")
    private List<Integer> neighbours;

    QuickstartCommand() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        Dataset train = Bundled.train();
        Dataset test = Bundled.test();
        EvaluationPlan plan = plan(train, threads);
        PrintWriter err = spec.commandLine().getErr();
        Path baseline = out.resolve("baseline");
        Path racnn = out.resolve("racnn-k5-mixup");
        train(train, test, baseline, threads, "model=baseline", "training.epochs=8");
        train(
                train,
                test,
                racnn,
                threads,
                "model=racnn",
                "retrieval.neighbours=5",
                "extractor.epochs=8",
                "training.epochs=3");
        StepProgress progress = new StepProgress(err);
        try (Bundle bundle = Bundle.open(racnn, compute.precisionOfAttacks())) {
            if (!bundle.hasCandidates()) {
                bundle.buildIndex(train, done -> progress.accept(Progress.images("index", done, train.size())));
            }
        }
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            subjects.open(baseline, List.of());
            subjects.open(racnn, neighbours);
            Evaluation evaluation = new Evaluator(plan, test, out, progress).run(subjects.all());
            EvaluateCommand.write(spec.commandLine().getOut(), evaluation, out);
        }
        return 0;
    }

    /** Checks the options before minutes are spent on training. */
    private EvaluationPlan plan(Dataset candidates, int threads) {
        try {
            neighbours.forEach(k -> RetrievalAugmentedClassifier.requireNeighbours(k, candidates.size()));
            return new EvaluationPlan(
                    Suite.named("fgsm"),
                    "bundled",
                    0,
                    limit,
                    1,
                    GALLERY,
                    SEED,
                    ATTACK_BATCH,
                    EvaluateCommand.commandLine(spec),
                    EvaluateCommand.environment(compute, threads, ATTACK_BATCH));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void train(Dataset train, Dataset test, Path bundle, int threads, String... settings) throws IOException {
        List<String> changes = new ArrayList<>(List.of(settings));
        if (epochs != null) {
            changes.add("extractor.epochs=" + epochs);
            changes.add("training.epochs=" + epochs);
        }
        if (compute.precision() != null) {
            changes.add("precision=" + compute.precision());
        }
        Interruption.keeps(GO_ON);
        boolean begun = Files.isDirectory(bundle);
        Training training = new Training(
                SettingsFile.read(null, changes),
                new TrainingData("bundled", train, test, train),
                bundle,
                EvaluateCommand.commandLine(spec),
                new TrainingProgress(spec.commandLine().getErr(), GO_ON),
                threads);
        TrainCommand.run(training, bundle, begun, null);
    }
}
