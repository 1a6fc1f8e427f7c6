package dev.racnn.cli.bench;

import dev.racnn.attack.Attack;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.bench.AttackBenchmark;
import dev.racnn.bench.AttackBenchmark.Measurement;
import dev.racnn.bench.Stopwatch;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Subjects;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code racnn bench attack}: images per second of attacks, their own overhead over bare passes of the model, and what
 * batching gains over attacking one image at a time.
 */
@Command(
        name = "attack",
        description =
                "Measures attacks: images/s, time per query over that of a bare pass of the same batch, and the gain"
                        + " over one image at a time.")
final class BenchAttack implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "MODEL", required = true, description = "A bundle, or a TorchScript file.")
    private Path model;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            split = ",",
            required = true,
            description = "Attacks, separated by commas.")
    private List<String> attacks;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "paper",
            description = "Whose attacks: paper, the default, or modern.")
    private Profile profile;

    @Option(
            names = "--norm",
            paramLabel = "l0|l1|l2|linf",
            description =
                    "Norm of attacks of the modern profile; by default linf, or the only norm that an attack knows.")
    private @Nullable Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            defaultValue = "0.03",
            converter = EpsilonConverter.class,
            description = "Budget of the attacks that need one; 0.03 by default.")
    private double epsilon;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Changes a setting of all the attacks, such as steps=20. May be repeated.")
    private Map<String, String> changes = Map.of();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Measured rounds; 3 by default.")
    private int rounds;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images attacked together; by default 64, on a GPU more.")
    private @Nullable Integer batch;

    @Option(
            names = "--single",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many of the images to attack one at a time for comparison; 0 for none.")
    private int single;

    @Option(
            names = "--clock",
            paramLabel = "wall|cpu",
            defaultValue = "wall",
            description =
                    "What time is: on the wall, the default, or that of the computing thread, for a busy machine; cpu"
                            + " needs --threads 1.")
    private Stopwatch clock;

    @Option(names = "--json", paramLabel = "FILE", required = true, description = "Where to write the result.")
    private Path json;

    BenchAttack() {}

    @Override
    public Integer call() throws IOException {
        List<Attack> chosen = chosen();
        AtomicFile.requireWritable(json);
        PrintWriter out = spec.commandLine().getOut();
        int threads = compute.apply();
        if (clock == Stopwatch.CPU && threads > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--clock cpu sees a single computing thread, but there are %s; add --threads 1".formatted(threads));
        }
        Dataset test = Subjects.images(data.source(), List.of(model)).test();
        ObjectNode result = JsonMapper.shared()
                .createObjectNode()
                .put("model", model.toString())
                .put("data", data.source().toString())
                .put("device", Device.current().toString())
                .put("threads", threads)
                .put("clock", clock.name().toLowerCase(Locale.ROOT));
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            subjects.open(model, List.of());
            Classifier classifier = subjects.all().getLast().classifier();
            int together = compute.batchOfAttacks(batch);
            Examples some = Examples.of(test, 0, Math.min(4 * together, test.size()), classifier.bounds());
            AttackBenchmark benchmark = AttackBenchmark.of(classifier, some, together, clock);
            result.put("images", benchmark.images()).put("rounds", rounds);
            StepProgress progress = new StepProgress(spec.commandLine().getErr());
            for (Attack attack : chosen) {
                Measurement measurement = benchmark.measure(attack, rounds, single, progress);
                print(out, attack, measurement);
                result.set(attack.name(), json(measurement));
            }
        }
        AtomicFile.write(
                json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
        return 0;
    }

    private List<Attack> chosen() {
        if (rounds < 1 || (batch != null && batch < 1) || single < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "rounds and batch must be at least 1 and single at least 0, but they are %s, %s and %s"
                            .formatted(rounds, batch, single));
        }
        try {
            return attacks.stream().map(this::single).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Attack single(String name) {
        AttackKind kind = Attacks.named(profile, name);
        if (kind.isSuite()) {
            throw new IllegalArgumentException(
                    "'%s' is a suite, but one attack is wanted; name one of its attacks, such as apgd-ce"
                            .formatted(name));
        }
        List<Double> budgets = kind.needsBudget() ? List.of(epsilon) : List.of();
        return AttackPlan.of(kind, norm, budgets, changes)
                .runs()
                .getFirst()
                .attacks()
                .getFirst();
    }

    private static void print(PrintWriter out, Attack attack, Measurement measurement) {
        out.printf(
                Locale.ROOT,
                "%-12s %9.3f images/s; bare pass of %d images %.1f ms, a query %.3f of it; outside of the model +%.1f"
                        + " %%%s%n",
                attack.name(),
                measurement.imagesPerSecond(),
                measurement.images(),
                1e3 * measurement.passSeconds(),
                measurement.costOfQuery(),
                100 * measurement.ownShare(),
                Double.isNaN(measurement.gainOfBatching())
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; one at a time %.3f images/s, so batching gains %.1fx (bare passes %.1fx)",
                                measurement.singleImagesPerSecond(),
                                measurement.gainOfBatching(),
                                measurement.gainOfPasses()));
    }

    private static ObjectNode json(Measurement measurement) {
        ObjectNode node = JsonMapper.shared()
                .createObjectNode()
                .put("images_per_second", measurement.imagesPerSecond())
                .put("bare_pass_seconds", measurement.passSeconds())
                .put("bare_pass_of_one_image_seconds", measurement.singlePassSeconds())
                .put("query_cost_over_bare_pass", measurement.costOfQuery())
                .put("time_outside_over_within_model", measurement.ownShare());
        if (!Double.isNaN(measurement.gainOfBatching())) {
            node.put("one_at_a_time_images_per_second", measurement.singleImagesPerSecond())
                    .put("gain_of_batching", measurement.gainOfBatching());
        }
        return node;
    }
}
