package dev.racnn.cli;

import dev.racnn.attack.AdversarialImages;
import dev.racnn.attack.AttackReport;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.Norm;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.Engines;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn attack}: runs one attack on test images and writes what it achieved on each of them. */
@Command(
        name = "attack",
        description = "Attacks a model with one attack and writes what it achieved on each image as JSON.")
final class AttackCommand implements Callable<Integer> {
    /** The distances at which the paper's tables state accuracies. */
    private static final List<Double> TABLE_DISTANCES = List.of(1e-5, 2e-5, 8e-5, 1e-4, 2e-4, 4e-4);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description = "A bundle, or a TorchScript file; FILE.yaml beside FILE.pt may give its outputs, mean, std,"
                    + " bounds and labelMap.")
    private Path model;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            required = true,
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS)
    private DataSource data;

    @Option(names = "--attack", paramLabel = "NAME", required = true, description = "Which attack, for example fgsm.")
    private String attack;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "paper",
            description =
                    "Whose semantics and settings: paper (Foolbox 2d468cb6), the default, or modern (Foolbox 3.3.4 and"
                            + " AutoAttack a392200).")
    private AttackChoice.Profile profile;

    @Option(
            names = "--norm",
            paramLabel = "l1|l2|linf",
            defaultValue = "linf",
            description = "Norm of the budgets and, in the modern profile, of what is limited or minimised; linf by"
                    + " default.")
    private Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            description = "A budget at which robust accuracy is stated. May be repeated.")
    private List<Double> epsilons = List.of();

    @Option(
            names = "--scenario",
            paramLabel = "1|2",
            defaultValue = "1",
            description =
                    "Whose gradients: 1 the model's own (default), 2 those of a RaCNN's surrogate g'(phi'(x)), or of"
                            + " --surrogate; the model itself decides either way.")
    private int scenario;

    @Option(names = "--surrogate", paramLabel = "MODEL", description = "Where Scenario 2 takes its gradients from.")
    private @Nullable Path surrogate;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "1",
            description = "An image is adversarial if its label is not among the K largest logits; 1 by default.")
    private int top;

    @Option(names = "--start", paramLabel = "I", defaultValue = "0", description = "First test image, 0 by default.")
    private int start;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many test images at most, 200 by default.")
    private int limit;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed of all random numbers.")
    private long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "Images attacked together, 64 by default.")
    private int batch;

    @Option(names = "--json", paramLabel = "FILE", required = true, description = "Where to write the result.")
    private Path json;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Also writes the adversarial images, as PNG and as one adversarial.npy.")
    private @Nullable Path images;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Keeps finished images here; the same command goes on from it after an interruption.")
    private @Nullable Path journal;

    AttackCommand() {}

    @Override
    public Integer call() throws IOException {
        AttackChoice choice = choice();
        if (scenario != 1 && scenario != 2) {
            throw new ParameterException(spec.commandLine(), "scenario must be 1 or 2, but is " + scenario);
        }
        int threads = compute.apply();
        Dataset test = data.test();
        if (start < 0 || start >= test.size() || limit < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "start must be one of the %d test images and limit at least 1, but they are %d and %d"
                            .formatted(test.size(), start, limit));
        }
        try (Subjects subjects = new Subjects(
                keys -> Engines.build(new EngineSpec.Exact(), keys, threads),
                compute.precision(),
                test.classNames().size())) {
            subjects.open(model, List.of());
            Subject subject = subjects.all().getLast();
            AttackRunner runner = runner(subject, subjects);
            Examples examples = Examples.of(
                    test,
                    start,
                    Math.min(limit, test.size() - start),
                    subject.classifier().bounds());
            long begin = System.nanoTime();
            List<AttackResult> results = new ArrayList<>();
            for (AttackChoice.Run run : choice.runs()) {
                results.add(run(runner.withJournal(journal(run)), run, examples));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            AttackReport report = new AttackReport(
                    model.toString(),
                    data.toString(),
                    profile.name().toLowerCase(Locale.ROOT),
                    scenario,
                    start,
                    seconds,
                    results.getLast(),
                    choice.robustness(results));
            report.write(json);
            if (images != null) {
                AdversarialImages.write(results.getLast(), images);
            }
            print(report);
        }
        return 0;
    }

    /** Runs at several budgets keep a journal each. */
    private @Nullable Path journal(AttackChoice.Run run) {
        return journal == null || run.threatModel().isEmpty()
                ? journal
                : journal.resolveSibling(
                        journal.getFileName() + "." + run.threatModel().get().epsilon());
    }

    private AttackChoice choice() {
        try {
            return AttackChoice.of(profile, attack, norm, epsilons);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private AttackRunner runner(Subject subject, Subjects subjects) throws IOException {
        AttackRunner runner = new AttackRunner(subject.classifier())
                .withCriterion(Criterion.topK(top))
                .withBatchSize(batch)
                .withSeed(seed)
                .withProgress(new StepProgress(spec.commandLine().getErr()));
        return scenario == 1 ? runner : runner.withGradients(surrogateGradients(subject, subjects));
    }

    private GradientPath surrogateGradients(Subject subject, Subjects subjects) throws IOException {
        Subject source = subject.surrogate();
        if (surrogate != null) {
            subjects.open(surrogate, List.of());
            source = subjects.all().getLast();
        }
        if (source == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "scenario 2 needs the bundle of a RaCNN, or --surrogate, but got only " + model);
        }
        return GradientPath.through(source.classifier(), "autograd through the surrogate " + source.formula());
    }

    private AttackResult run(AttackRunner runner, AttackChoice.Run chosen, Examples examples) throws IOException {
        PrintWriter notes = spec.commandLine().getOut();
        Precision precision = compute.precision();
        if (precision == null) {
            return chosen.run(runner, examples, notes);
        }
        try (var _ = precision.autocast()) {
            return chosen.run(runner, examples, notes);
        }
    }

    private void print(AttackReport report) {
        PrintWriter out = spec.commandLine().getOut();
        AttackResult result = report.result();
        int n = result.outcomes().size();
        out.printf(Locale.ROOT, "clean accuracy    %.4f (n = %d)%n", result.cleanAccuracy(), n);
        out.printf(Locale.ROOT, "failed attacks    %.4f%n", result.robustAccuracy());
        for (double distance : TABLE_DISTANCES) {
            out.printf(
                    Locale.ROOT,
                    "robust accuracy   %.4f beyond normalised L2 (MSD) %s%n",
                    result.robustAccuracy(Distance.MSD, distance),
                    distance);
        }
        for (AttackReport.Budget budget : report.budgets()) {
            out.printf(
                    Locale.ROOT, "robust accuracy   %.4f beyond %s%n", budget.robustAccuracy(), budget.threatModel());
        }
        out.printf(Locale.ROOT, "time              %.1f s%n", report.seconds());
        if (result.masked()) {
            out.printf(
                    Locale.ROOT,
                    "MASKED GRADIENTS  %.4f of the gradients are zero: robustness under this attack says nothing;"
                            + " use a decision-based attack or a surrogate%n",
                    result.zeroGradientShare());
        }
        out.println("result " + json);
    }
}
