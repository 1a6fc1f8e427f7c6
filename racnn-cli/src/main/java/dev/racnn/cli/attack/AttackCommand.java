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
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.options.Inputs;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.SeenImages;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.report.AdversarialImages;
import dev.racnn.report.AttackCurve;
import dev.racnn.report.AttackReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code racnn attack}: runs one attack on test images and writes what it achieved on each of them.
 *
 * <p>A long file, because half of it are options, and the other half what they rule out of each other.
 */
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

    @Mixin
    private ImageOptions imageOptions;

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
    private Profile profile;

    @Option(
            names = "--norm",
            paramLabel = "l0|l1|l2|linf",
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

    @Option(
            names = "--surrogate",
            paramLabel = "MODEL",
            description =
                    "Where Scenario 2 takes its gradients from. For attacks of the adaptive suite, another model from"
                            + " which perturbations may transfer, such as the baseline.")
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

    @Option(
            names = "--start",
            paramLabel = "I",
            description =
                    "Attacks the test images from this one on; by default they are drawn, every class in its share.")
    private @Nullable Integer start;

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
            description = "Images attacked together; by default 64, on a GPU more.")
    private @Nullable Integer batch;

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
        AttackPlan plan = plan();
        check();
        requireOutputs();
        int threads = compute.apply();
        Dataset test = imageOptions
                .of(data, surrogate == null ? List.of(model) : List.of(model, surrogate))
                .test();
        Sample sample = sample(test);
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            engine.searchIn(subjects);
            subjects.open(model, List.of());
            Subject subject = subjects.all().getLast();
            if (top >= subject.classifier().classes()) {
                throw wrong("top must be below the number of classes, %s, or nothing is adversarial, but is %s"
                        .formatted(subject.classifier().classes(), top));
            }
            Subject source = scenario == 1 ? subject : source(subject, subjects);
            List<Subject> others = knowing() && surrogate != null ? others(subject, subjects) : List.of();
            SeenImages.among(subject, test)
                    .ifPresent(remark ->
                            spec.commandLine().getErr().println("warning: " + subject.name() + ": " + remark));
            Bounds bounds = subject.classifier().bounds();
            plan.budgets().stream()
                    .flatMap(budget -> BudgetRemark.of(budget, bounds, test.imageSize()).stream())
                    .forEach(remark -> spec.commandLine().getErr().println("warning: " + remark));
            subjects.warnings(test.imageSize())
                    .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
            attack(plan, subject, source, others, test, sample);
        }
        return 0;
    }

    private AttackPlan plan() {
        try {
            return AttackPlan.of(Attacks.named(profile, attack), norm, epsilons, changes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void check() {
        if (scenario != 1 && scenario != 2) {
            throw wrong("scenario must be 1 or 2, but is " + scenario);
        }
        if (transfer && scenario == 1) {
            throw wrong("--transfer is a form of Scenario 2, but the scenario is 1; add --scenario 2");
        }
        if (knowing() && scenario == 2) {
            throw wrong("attack '%s' knows the model from inside, but --scenario 2 was given; leave it out"
                    .formatted(attack));
        }
        if (target != null && top > 1) {
            throw wrong("--target and --top are two criteria, but both are given; leave one out");
        }
        if ((batch != null && batch < 1) || top < 1 || limit < 1) {
            throw wrong("batch, top and limit must be at least 1, but are %s, %s and %s".formatted(batch, top, limit));
        }
        if (curve != null && !AttackCurve.isKnown(curve)) {
            throw wrong("--curve must end in .svg or .csv, but is '%s'".formatted(curve));
        }
    }

    /** Finds out before the attack what would lose its results, or something else. */
    private void requireOutputs() throws IOException {
        List<Path> files = Stream.of(
                        json, curve, journal, images == null ? null : images.resolve(AdversarialImages.ARRAY))
                .flatMap(Stream::ofNullable)
                .toList();
        new Inputs(
                        spec.commandLine(),
                        Stream.of(model, surrogate).flatMap(Stream::ofNullable).toList(),
                        data)
                .refuse(files);
        for (Path file : files) {
            AtomicFile.requireWritable(file);
        }
    }

    private Scenario scenario() {
        if (knowing()) {
            return Scenario.WHITE_BOX;
        }
        return scenario == 1 ? Scenario.DIRECT : transfer ? Scenario.TRANSFER : Scenario.COMPOSITE;
    }

    /** Whether the attack is for somebody who knows the model from inside. */
    private boolean knowing() {
        return Attacks.named(profile, attack).strength() == Strength.ADAPTIVE;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Sample sample(Dataset test) {
        try {
            return (start == null ? Sample.drawn(seed) : Sample.from(start)).from(test);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void attack(
            AttackPlan plan, Subject subject, Subject source, List<Subject> others, Dataset test, Sample sample)
            throws IOException {
        Classifier classifier = subject.classifier();
        Examples all = sample.examples(test, 0, Math.min(limit, sample.size()), classifier.bounds());
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
        if (journal != null) {
            Interruption.keeps("start the same command again to go on");
        }
        BudgetSweep sweep =
                new BudgetSweep(plan, runner(subject, source, others, criterion), transfer ? classifier : null);
        BudgetSweep.Result result = sweep.run(examples, this::tell);
        AttackResult largest = result.largest().worstCase();
        AttackReport report = new AttackReport(
                model.toString(),
                data.toString(),
                profile,
                scenario(),
                sample.description(),
                compute.precisionOfAttacks(),
                result,
                images == null ? List.of() : sweep.pictures(largest, examples));
        report.write(json);
        if (images != null) {
            AdversarialImages.write(result, images);
        }
        if (curve != null) {
            AttackCurve.write(report.curve(), "%s on %s".formatted(attack, subject.name()), curve);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (examples.count() < all.count()) {
            out.println("left out          " + (all.count() - examples.count()) + " images of the target class");
        }
        AttackSummary.print(report, out);
        out.println("result " + json);
    }

    /** Who is attacked, and where gradients come from. */
    private AttackRunner runner(Subject subject, Subject source, List<Subject> others, Criterion criterion) {
        Subject attacked = transfer ? source : subject;
        return new AttackRunner(attacked.classifier())
                .withSearched(attacked.searched())
                .withGradients(gradients(subject, source, others))
                .withCriterion(criterion)
                .withBatchSize(compute.batchOfAttacks(batch))
                .withSeed(seed)
                .withProgress(new StepProgress(spec.commandLine().getErr()))
                .withJournal(journal == null ? null : new JournalPlace(journal, identity(subject, source, others)));
    }

    private @Nullable GradientPath gradients(Subject subject, Subject source, List<Subject> others) {
        if (knowing()) {
            return subject.whiteBox("autograd", others);
        }
        Classifier searched = source.searched();
        String name = scenario == 1 ? "autograd" : "autograd through the surrogate " + source.formula();
        return searched.differentiable() ? GradientPath.through(searched, name) : null;
    }

    /** What the results belong to. */
    private String identity(Subject subject, Subject source, List<Subject> others) {
        if (!others.isEmpty()) {
            return subject.identity()
                    + others.stream()
                            .map(other -> ", beside " + other.identity())
                            .collect(Collectors.joining());
        }
        return transfer || source.equals(subject)
                ? source.identity()
                : subject.identity() + " with gradients of " + source.identity();
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
            throw wrong("scenario 2 needs the bundle of a RaCNN, or --surrogate, but got only " + model);
        }
        return own;
    }

    /** What an attacker who knows the model has beside it: all models of another bundle that have no retrieval. */
    private List<Subject> others(Subject subject, Subjects subjects) throws IOException {
        List<Subject> before = subjects.all();
        subjects.open(Objects.requireNonNull(surrogate), List.of());
        List<Subject> others = subjects.all().stream()
                .skip(before.size())
                .filter(other -> other.retrieval() == null)
                .toList();
        others.forEach(other -> requireAlike(subject.classifier(), other.classifier()));
        return others;
    }

    /** Pixels and classes of the surrogate have to mean what they mean to the model. */
    private void requireAlike(Classifier attacked, Classifier other) {
        if (attacked.classes() != other.classes() || !attacked.bounds().equals(other.bounds())) {
            throw wrong(
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
        result.remarks().forEach(remark -> out.println("note: " + whose + remark));
        result.flags().forEach(flag -> out.println("warning: " + whose + flag.message()));
    }
}
