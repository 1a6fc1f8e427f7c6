package dev.racnn.cli;

import dev.racnn.Progress;
import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.EvaluationFiles;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.cli.terminal.TrainingProgress;
import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.EvaluationPlan;
import dev.racnn.evaluation.Evaluator;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Subjects;
import dev.racnn.evaluation.Suite;
import dev.racnn.racnn.Answer;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Racnn;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        description =
                "Shows the whole chain on 5,000 CIFAR-10 images that ship with the project: builds the candidate set"
                    + " of the trained RaCNN-K10 with local mixup that ships as well, answers an image with its"
                    + " neighbours, attacks the RaCNN and the baseline with FGSM, and writes a report. With --train it"
                    + " trains both from nothing on these images. Started again, it goes on where it was stopped.")
final class QuickstartCommand implements Callable<Integer> {
    private static final String GO_ON = "start the same command again to go on";
    private static final int SEED = 1;
    private static final int GALLERY = 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "quickstart", description = "Folder for everything.")
    private Path out;

    @Option(
            names = "--train",
            description = "Train a baseline and a RaCNN-K5 with local mixup from nothing; takes minutes, on slow"
                    + " processors half an hour.")
    private boolean train;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of every training; fewer are quicker and worse. Means --train.")
    private @Nullable Integer epochs;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many of the 1,000 test images to attack, 40 by default, 200 with --train.")
    private @Nullable Integer limit;

    @Option(
            names = {"-k", "--neighbours"},
            paramLabel = "K",
            split = ",",
            description = "K of the RaCNN in the report, that of its training by default; several show several"
                    + " variants of the one trained.")
    private List<Integer> neighbours = List.of();

    QuickstartCommand() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        Dataset candidates = Bundled.train();
        Dataset test = Bundled.test();
        boolean trains = train || epochs != null;
        EvaluationPlan plan = plan(candidates, threads, trains);
        PrintWriter err = spec.commandLine().getErr();
        Path baseline = out.resolve("baseline");
        Path racnn = out.resolve(trains ? "racnn-k5-mixup" : "racnn-k10-mixup");
        if (trains) {
            err.println("training a baseline and a RaCNN; how long it will take stands in each line of progress, after"
                    + " some steps");
            train(candidates, test, baseline, threads, "model=baseline", "training.epochs=8");
            train(
                    candidates,
                    test,
                    racnn,
                    threads,
                    "model=racnn",
                    "retrieval.neighbours=5",
                    "extractor.epochs=8",
                    "training.epochs=3");
        } else {
            copyShipped("cifar10-baseline", baseline);
            copyShipped("cifar10-racnn-k10-mixup", racnn);
        }
        Interruption.keeps(GO_ON);
        StepProgress progress = new StepProgress(err);
        try (Bundle bundle = Bundle.open(racnn, compute.precisionOfAttacks())) {
            if (!bundle.hasCandidates()) {
                bundle.buildIndex(
                        candidates, done -> progress.accept(Progress.images("index", done, candidates.size())));
            }
        }
        showAnAnswer(racnn, test);
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            subjects.open(baseline, List.of());
            subjects.open(racnn, neighbours);
            Evaluation evaluation = new Evaluator(plan, test, out, progress).run(subjects.all());
            EvaluationFiles.write(spec.commandLine().getOut(), evaluation, out);
        }
        return 0;
    }

    /** A model that ships with the project: its folder is left as it is. */
    private static void copyShipped(String name, Path bundle) throws IOException {
        if (Files.exists(bundle.resolve(BundleDescription.FILE))) {
            return;
        }
        Path shipped =
                Path.of(System.getProperty("racnn.home", ".")).resolve("models").resolve(name);
        Files.createDirectories(bundle);
        // The description last: it marks a bundle as complete.
        for (String file : List.of("settings.yaml", TrainingLog.FILE, Bundle.WEIGHTS, BundleDescription.FILE)) {
            Files.copy(shipped.resolve(file), bundle.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void showAnAnswer(Path model, Dataset test) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        try (Racnn racnn = Racnn.open(model)) {
            Answer answer = racnn.explain(test, 0);
            print.printf(
                    "test image 0, a %s, is taken for: %s%n", test.classNames().get(test.label(0)), answer.label());
            ClassifyCommand.printNeighbours(print, answer);
            print.flush();
        }
    }

    /** Checks the options before minutes are spent on training. */
    private EvaluationPlan plan(Dataset candidates, int threads, boolean trains) {
        try {
            neighbours.forEach(k -> RetrievalAugmentedClassifier.requireNeighbours(k, candidates.size()));
            return new EvaluationPlan(
                    Suite.named("fgsm"),
                    "bundled",
                    Sample.drawn(SEED),
                    limit != null ? limit : trains ? 200 : 40,
                    1,
                    GALLERY,
                    SEED,
                    compute.batchOfAttacks(null),
                    CommandText.of(spec),
                    CommandText.environment(compute, threads, compute.batchOfAttacks(null)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void train(Dataset images, Dataset test, Path bundle, int threads, String... settings) throws IOException {
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
                new TrainingData("bundled", images, test, images),
                bundle,
                CommandText.of(spec),
                new TrainingProgress(spec.commandLine().getErr(), GO_ON),
                threads);
        training.run(begun, null);
        TrainCommand.drawCurve(bundle);
    }
}
