package dev.racnn.cli;

import dev.racnn.adaptive.AdaptiveAttacks;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.cli.options.AttackedImages;
import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.cli.options.EvaluationFiles;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.EvaluationPlan;
import dev.racnn.evaluation.Evaluator;
import dev.racnn.evaluation.SeenImages;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.evaluation.Suite;
import dev.racnn.files.AtomicFile;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn evaluate}: attacks models and reports what is left of their accuracy. */
@Command(
        name = "evaluate",
        description = "Attacks models with a suite of attacks and reports clean and robust accuracy. An interrupted"
                + " evaluation goes on when it is started again with the same folder.")
final class EvaluateCommand implements Callable<Integer> {
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
            description = "A bundle, or a TorchScript file. May be repeated.")
    private List<Path> models;

    @Option(names = "--baseline", paramLabel = "MODEL", description = "What to compare with; comes first in tables.")
    private @Nullable Path baseline;

    @Mixin
    private DataOptions data;

    @Mixin
    private ImageOptions imageOptions;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            defaultValue = "fgsm",
            description = "Which attacks: fgsm (the default), table1 (FGSM, iFGSM and DeepFool), paper (all five of the"
                    + " paper), modern, autoattack, adaptive (the retrieval itself), decision (no gradients) or"
                    + " sanity.")
    private String suite;

    @Option(
            names = "--norm",
            paramLabel = "l2|linf",
            defaultValue = "linf",
            description = "Norm of --epsilon, linf by default.")
    private Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            converter = EpsilonConverter.class,
            description = "A budget of the suite adaptive, such as 2/255, which is the default. May be repeated.")
    private List<Double> epsilons = List.of();

    @Option(
            names = "--neighbours",
            paramLabel = "K",
            split = ",",
            description = "K of a RaCNN, several for several variants; what it was trained with by default.")
    private List<Integer> neighbours = List.of();

    @Mixin
    private AttackedImages images;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many test images to attack, 1000 by default; clean accuracy is measured on all.")
    private int limit;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "An image counts as right, clean or attacked, if its label is among the K largest logits; 1 by"
                            + " default.")
    private int top;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for results and report.")
    private Path out;

    EvaluateCommand() {}

    @Override
    public Integer call() throws IOException {
        Suite attacks = suite();
        AtomicFile.requireWritable(out.resolve(Evaluation.FILE));
        int threads = compute.apply();
        List<Path> all = baseline == null
                ? models
                : Stream.concat(Stream.of(baseline), models.stream()).toList();
        Dataset test = imageOptions.of(data.source(), all).test();
        EvaluationPlan plan = plan(attacks, threads);
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            engine.searchIn(subjects);
            if (baseline != null) {
                subjects.open(baseline, List.of());
            }
            for (Path model : models) {
                subjects.open(model, neighbours);
            }
            subjects.warnings(test.imageSize())
                    .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
            StepProgress progress = new StepProgress(spec.commandLine().getErr());
            Fingerprint ofTest = Fingerprint.of(test, _ -> {});
            warnOfSeenImages(all, subjects, test, ofTest);
            Evaluation evaluation = new Evaluator(plan, test, out, progress).run(subjects.all(), ofTest);
            EvaluationFiles.write(spec.commandLine().getOut(), evaluation, out);
        }
        return 0;
    }

    private void warnOfSeenImages(List<Path> bundles, Subjects subjects, Dataset test, Fingerprint ofTest)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        for (Path bundle : bundles) {
            Provenance origin =
                    Files.isDirectory(bundle) ? BundleDescription.read(bundle).provenance() : null;
            if (origin != null) {
                SeenImages.since(origin, ofTest).ifPresent(remark -> err.println("note: " + bundle + ": " + remark));
            }
        }
        for (Subject subject : subjects.all()) {
            SeenImages.among(subject, test)
                    .ifPresent(remark -> err.println("warning: " + subject.name() + ": " + remark));
        }
    }

    private Suite suite() {
        try {
            Suite named = Suite.named(suite);
            if (epsilons.isEmpty()) {
                return named;
            }
            if (!suite.equals(AdaptiveAttacks.SUITE)) {
                throw new IllegalArgumentException(
                        "the budgets of suite '%s' are fixed, but --epsilon was given; leave it out, or take the suite %s"
                                .formatted(suite, AdaptiveAttacks.SUITE));
            }
            return Suite.adaptive(epsilons.stream()
                    .distinct()
                    .map(epsilon -> new ThreatModel(norm, epsilon))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private EvaluationPlan plan(Suite attacks, int threads) {
        int together = compute.batchOfAttacks(images.batch());
        try {
            return new EvaluationPlan(
                    attacks,
                    data.source().toString(),
                    images.choice(),
                    limit,
                    top,
                    4,
                    images.seed(),
                    together,
                    CommandText.of(spec),
                    CommandText.environment(compute, threads, together));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
