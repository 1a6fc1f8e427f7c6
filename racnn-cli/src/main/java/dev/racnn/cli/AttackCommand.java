package dev.racnn.cli;

import dev.racnn.AtomicFile;
import dev.racnn.attack.AdversarialImages;
import dev.racnn.attack.AttackReport;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.evaluation.Transfer;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.SavedIndexes;
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
            converter = EpsilonConverter.class,
            description = "A budget at which robust accuracy is stated, such as 0.5 or 8/255. May be repeated.")
    private List<Double> epsilons = List.of();

    @Option(
            names = "--scenario",
            paramLabel = "1|2",
            defaultValue = "1",
            description =
                    "Whose gradients: 1 the model's own (default), 2 those of a RaCNN's surrogate g'(phi'(x)), or of"
                            + " --surrogate; the model itself decides either way.")
    private int scenario;

    @Option(
            names = "--transfer",
            description =
                    "Scenario 2 (a): the surrogate alone is attacked, and the model only shown the result. Without it"
                            + " Scenario 2 is (b), every point scored on the model.")
    private boolean transfer;

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
        if (transfer && scenario == 1) {
            throw new ParameterException(
                    spec.commandLine(), "--transfer is a form of Scenario 2, but the scenario is 1; add --scenario 2");
        }
        if (batch < 1 || top < 1) {
            throw new ParameterException(
                    spec.commandLine(), "batch and top must be at least 1, but are %d and %d".formatted(batch, top));
        }
        AtomicFile.requireWritable(json);
        int threads = compute.apply();
        Dataset test = data.test();
        if (start < 0 || start >= test.size() || limit < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "start must be one of the %d test images and limit at least 1, but they are %d and %d"
                            .formatted(test.size(), start, limit));
        }
        try (Subjects subjects = new Subjects(
                keys -> SavedIndexes.openOrBuild(new EngineSpec.Exact(), keys, threads),
                compute.precision(),
                test.classNames().size())) {
            subjects.open(model, List.of());
            Subject subject = subjects.all().getLast();
            if (top >= subject.classifier().classes()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "top must be below the number of classes, %d, or nothing is adversarial, but is %d"
                                .formatted(subject.classifier().classes(), top));
            }
            Subject source = scenario == 1 ? subject : source(subject, subjects);
            AttackRunner runner = runner(subject, source);
            Examples examples = Examples.of(
                    test,
                    start,
                    Math.min(limit, test.size() - start),
                    subject.classifier().bounds());
            if (journal != null) {
                Interruption.keeps("start the same command again to go on");
            }
            long begin = System.nanoTime();
            List<SuiteResult> results = new ArrayList<>();
            for (AttackSequence attacks : choice.runs()) {
                SuiteResult result = run(runner.withJournal(journal(attacks, subject, source)), attacks, examples);
                tell(attacks, result);
                results.add(transfer ? shown(subject, result, examples) : result);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            AttackReport report = new AttackReport(
                    model.toString(),
                    data.toString(),
                    profile.name().toLowerCase(Locale.ROOT),
                    scenario,
                    transfer,
                    start,
                    seconds,
                    results.getLast(),
                    choice.robustness(results));
            report.write(json);
            if (images != null) {
                AdversarialImages.write(results.getLast().worstCase(), images);
            }
            print(report);
        }
        return 0;
    }

    /** Runs at several budgets keep a journal each. */
    private @Nullable JournalPlace journal(AttackSequence attacks, Subject subject, Subject source) {
        if (journal == null) {
            return null;
        }
        String attacked = transfer || source.equals(subject)
                ? source.identity()
                : subject.identity() + " with gradients of " + source.identity();
        JournalPlace place = new JournalPlace(journal, attacked + ", " + data);
        return attacks.threatModel()
                .map(budget -> place.part(Double.toString(budget.epsilon())))
                .orElse(place);
    }

    private AttackChoice choice() {
        try {
            return AttackChoice.of(profile, attack, norm, epsilons);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Who is attacked, and where gradients come from. */
    private AttackRunner runner(Subject subject, Subject source) {
        AttackRunner runner = new AttackRunner((transfer ? source : subject).classifier())
                .withCriterion(Criterion.topK(top))
                .withBatchSize(batch)
                .withSeed(seed)
                .withProgress(new StepProgress(spec.commandLine().getErr()));
        return scenario == 1
                ? runner
                : runner.withGradients(GradientPath.through(
                        source.classifier(), "autograd through the surrogate " + source.formula()));
    }

    /** The surrogate of Scenario 2. */
    private Subject source(Subject subject, Subjects subjects) throws IOException {
        if (surrogate != null) {
            subjects.open(surrogate, List.of());
            return subjects.all().getLast();
        }
        Subject own = subject.surrogate();
        if (own == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "scenario 2 needs the bundle of a RaCNN, or --surrogate, but got only " + model);
        }
        return own;
    }

    private SuiteResult shown(Subject subject, SuiteResult result, Examples examples) {
        AttackResult seen = new Transfer(subject.classifier(), Criterion.topK(top)).of(result.worstCase(), examples);
        return new SuiteResult(result.stages(), result.flags(), seen);
    }

    private SuiteResult run(AttackRunner runner, AttackSequence attacks, Examples examples) throws IOException {
        Precision precision = compute.precision();
        if (precision == null) {
            return attacks.run(runner, examples);
        }
        try (var _ = precision.autocast()) {
            return attacks.run(runner, examples);
        }
    }

    /** What a suite says beside its verdict. */
    private void tell(AttackSequence attacks, SuiteResult result) {
        PrintWriter out = spec.commandLine().getOut();
        for (SuiteResult.Stage stage : result.stages()) {
            out.printf(
                    Locale.ROOT,
                    "%s: robust accuracy %.4f after %s%n",
                    attacks.threatModel().orElseThrow(),
                    stage.robustAccuracy(),
                    stage.attack());
        }
        result.flags().forEach(flag -> out.println("warning: " + flag.message()));
    }

    private void print(AttackReport report) {
        PrintWriter out = spec.commandLine().getOut();
        AttackResult result = report.result().worstCase();
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
        if (report.result().masked()) {
            out.printf(
                    Locale.ROOT,
                    "MASKED GRADIENTS  %.4f of the gradients are zero: robustness under attacks with gradients says"
                            + " nothing; use a decision-based attack or a surrogate%n",
                    result.zeroGradientShare());
        }
        out.println("result " + json);
    }
}
