package dev.racnn.cli.attack;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.evaluation.Transfer;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Classifier;
import dev.racnn.report.AdversarialImages;
import dev.racnn.report.AttackCurve;
import dev.racnn.report.AttackReport;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.SavedIndexes;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        modelTransformer = AttackHelp.class,
        description = "Attacks a model with one attack and writes what it achieved on each image as JSON.")
public final class AttackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EngineOptions engine;

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

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            required = true,
            description = "Which attack, for example fgsm; the list is below.")
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
            description = "Norm of the budgets and, in the modern profile, of what is limited or minimised; by default"
                    + " linf, or the only norm that the attack knows.")
    private @Nullable Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            converter = EpsilonConverter.class,
            description =
                    "A budget at which robust accuracy is stated, such as 0.5 or 8/255, in the units of the pixels."
                            + " May be repeated; the examples in the result are those of the largest.")
    private List<Double> epsilons = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Changes a setting of the attack, such as steps=20 or restarts=5. May be repeated; the result"
                    + " lists all settings.")
    private Map<String, String> changes = Map.of();

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

    @Option(
            names = "--target",
            paramLabel = "CLASS",
            description = "Images shall be taken for this class, by name or number, or for a wrong class of their own:"
                    + " next, least-likely or random. Images of the class itself are left out.")
    private @Nullable String target;

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
            description = "Also writes the adversarial images, as PNG and as one adversarial.npy; with several budgets,"
                    + " into a folder for each.")
    private @Nullable Path images;

    @Option(
            names = "--curve",
            paramLabel = "FILE",
            description = "Also draws accuracy against perturbation: FILE.svg, or FILE.csv for the numbers.")
    private @Nullable Path curve;

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
        if (target != null && top > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--target and --top are two criteria, but both are given; leave one out");
        }
        if (batch < 1 || top < 1) {
            throw new ParameterException(
                    spec.commandLine(), "batch and top must be at least 1, but are %s and %s".formatted(batch, top));
        }
        if (curve != null && !AttackCurve.isKnown(curve)) {
            throw new ParameterException(
                    spec.commandLine(), "--curve must end in .svg or .csv, but is '%s'".formatted(curve));
        }
        AtomicFile.requireWritable(json);
        int threads = compute.apply();
        Dataset test = data.test();
        if (start < 0 || start >= test.size() || limit < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "start must be one of the %s test images and limit at least 1, but they are %s and %s"
                            .formatted(test.size(), start, limit));
        }
        try (Subjects subjects = new Subjects(
                keys -> SavedIndexes.openOrBuild(new EngineSpec.Exact(), keys, threads),
                compute.precision(),
                test.classNames())) {
            engine.searchIn(subjects, threads);
            subjects.open(model, List.of());
            Subject subject = subjects.all().getLast();
            if (top >= subject.classifier().classes()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "top must be below the number of classes, %s, or nothing is adversarial, but is %s"
                                .formatted(subject.classifier().classes(), top));
            }
            Subject source = scenario == 1 ? subject : source(subject, subjects);
            attack(choice, subject, source, test);
        }
        return 0;
    }

    private void attack(AttackChoice choice, Subject subject, Subject source, Dataset test) throws IOException {
        Classifier classifier = subject.classifier();
        Examples all = Examples.of(test, start, Math.min(limit, test.size() - start), classifier.bounds());
        Examples examples = all;
        Criterion criterion = Criterion.topK(top);
        if (target != null) {
            AttackTarget aim = new AttackTarget(target, test.classNames());
            try {
                examples = aim.others(all);
                criterion = aim.criterion(classifier, examples, seed);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        AttackRunner runner = runner(subject, source, criterion);
        if (journal != null) {
            Interruption.keeps("start the same command again to go on");
        }
        long begin = System.nanoTime();
        List<SuiteResult> results = new ArrayList<>();
        int neverAttacked = 0;
        for (AttackSequence attacks : choice.runs()) {
            SuiteResult result = run(runner.withJournal(journal(attacks, subject, source)), attacks, examples);
            tell(attacks, result);
            if (transfer) {
                AttackResult shown = new Transfer(classifier, criterion).of(result.worstCase(), examples);
                neverAttacked = Transfer.neverAttacked(result.worstCase(), shown);
                result = new SuiteResult(result.stages(), result.flags(), shown);
            }
            results.add(result);
        }
        SuiteResult largest = results.get(choice.largest());
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<Boolean> pictures = images == null
                ? List.of()
                : new Transfer(classifier, criterion)
                        .fooledBy(AdversarialImages.rounded(largest.worstCase()), examples);
        AttackReport report = new AttackReport(
                model.toString(),
                data.toString(),
                profile.name().toLowerCase(Locale.ROOT),
                scenario,
                transfer,
                neverAttacked,
                start,
                seconds,
                choice.runs().getFirst().objective(),
                largest,
                pictures,
                choice.robustness(results));
        report.write(json);
        if (images != null) {
            write(results, images);
        }
        if (curve != null) {
            AttackCurve.write(report.curve(), "%s on %s".formatted(attack, subject.name()), curve);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (examples.count() < all.count()) {
            out.println("left out          %s images of the target class".formatted(all.count() - examples.count()));
        }
        AttackSummary.print(report, out);
        out.println("result " + json);
    }

    /** The images of several budgets go to a folder each. */
    private static void write(List<SuiteResult> results, Path folder) throws IOException {
        for (SuiteResult result : results) {
            AttackResult worst = result.worstCase();
            Path own = worst.threatModel()
                    .filter(_ -> results.size() > 1)
                    .map(budget -> folder.resolve("epsilon-" + budget.epsilon()))
                    .orElse(folder);
            AdversarialImages.write(worst, own);
        }
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
            return AttackChoice.of(profile, attack, norm, epsilons, changes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Who is attacked, and where gradients come from. */
    private AttackRunner runner(Subject subject, Subject source, Criterion criterion) {
        AttackRunner runner = new AttackRunner((transfer ? source : subject).classifier())
                .withCriterion(criterion)
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
            Subject other = subjects.all().getLast();
            requireAlike(subject.classifier(), other.classifier());
            return other;
        }
        Subject own = subject.surrogate();
        if (own == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "scenario 2 needs the bundle of a RaCNN, or --surrogate, but got only " + model);
        }
        return own;
    }

    /** Pixels and classes of the surrogate have to mean what they mean to the model. */
    private void requireAlike(Classifier attacked, Classifier other) {
        if (attacked.classes() != other.classes() || !attacked.bounds().equals(other.bounds())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "surrogate must have the classes and bounds of the model, %s and [%s, %s], but has %s and [%s, %s]; choose another, or correct the bounds in its FILE.yaml"
                            .formatted(
                                    attacked.classes(),
                                    attacked.bounds().min(),
                                    attacked.bounds().max(),
                                    other.classes(),
                                    other.bounds().min(),
                                    other.bounds().max()));
        }
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

    /** What a suite says beside its verdict; in a transfer it speaks of the surrogate. */
    private void tell(AttackSequence attacks, SuiteResult result) {
        PrintWriter out = spec.commandLine().getOut();
        String whose = transfer ? "surrogate, " : "";
        for (SuiteResult.Stage stage : result.stages()) {
            out.printf(
                    Locale.ROOT,
                    "%s%s: robust accuracy %.4f after %s%n",
                    whose,
                    attacks.threatModel().orElseThrow(),
                    stage.robustAccuracy(),
                    stage.attack());
        }
        result.flags().forEach(flag -> out.println("warning: " + whose + flag.message()));
    }
}
