package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.data.Cifar10;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.TorchScriptClassifier;
import dev.racnn.model.TorchScriptSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole comparison of the modern profile with Foolbox 3.3.4, which takes many minutes and needs CIFAR-10 and the golden
 * outputs:
 *
 * <pre>mvn test -pl racnn-library -Dtest=ModernGoldenTest -Dracnn.golden=FOLDER -Dracnn.cifar10=FOLDER</pre>
 *
 * <p>{@code -Dracnn.golden.only=REGEX} picks cases, which are named such as {@code open/deepfool_l2}; {@code
 * -Dracnn.golden.images=N} takes only the first N images, which all but the fixed budgets allow; {@code
 * -Dracnn.golden.steps=N} gives cw, boundary and hsj fewer steps than they have by default.
 */
@EnabledIfSystemProperty(named = "racnn.golden", matches = ".+")
class ModernGoldenTest {
    /** A model, its images, and what the others reached on them. */
    record Case(JsonNode golden, Examples examples, Classifier classifier) implements AutoCloseable {
        static Case open(String model, String name) throws IOException {
            assumeTrue((model + "/" + name).matches(System.getProperty("racnn.golden.only", ".*")));
            Path folder = Path.of(System.getProperty("racnn.golden"));
            JsonNode golden = JsonMapper.shared()
                    .readTree(folder.resolve(model + "-modern.json").toFile());
            Path data = Path.of(System.getProperty("racnn.cifar10"));
            return new Case(
                    golden,
                    Examples.of(
                            Cifar10.test(data),
                            golden.path("start").asInt(),
                            Math.min(
                                    golden.path("n").asInt(),
                                    Integer.getInteger("racnn.golden.images", Integer.MAX_VALUE)),
                            Bounds.UNIT),
                    TorchScriptClassifier.open(folder.resolve(model + ".pt"), TorchScriptSettings.plain(10)));
        }

        @Override
        public void close() {
            classifier.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "open, fgsm_linf", "open, fgm_l2", "open, bim_linf", "open, pgd_linf", "open, pgd_l2",
        "resnet20, fgsm_linf", "resnet20, fgm_l2", "resnet20, bim_linf", "resnet20, pgd_linf", "resnet20, pgd_l2"
    })
    void fixed_budgets_leave_at_most_one_image_more_than_foolbox_does(String model, String name) throws IOException {
        try (Case given = Case.open(model, name)) {
            assertThat(given.examples().count())
                    .as("robust accuracies are those of all images")
                    .isEqualTo(given.golden().path("n").asInt());
            JsonNode golden = given.golden().path("attacks").path(name);
            for (int i = 0; i < golden.path("epsilons").size(); i++) {
                double theirs = golden.path("robust_accuracy").get(i).asDouble();
                double epsilon = golden.path("epsilons").get(i).asDouble();
                long before = System.nanoTime();
                double ours = new AttackRunner(given.classifier())
                        .run(fixed(name, epsilon), given.examples())
                        .robustAccuracy();
                System.out.printf(
                        "GOLDEN %s %s eps %.6f: robust accuracy %.4f, Foolbox %.4f, %.1f s%n",
                        model, name, epsilon, ours, theirs, (System.nanoTime() - before) / 1e9);
                assertThat(ours)
                        .isLessThanOrEqualTo(theirs + 1.0 / given.examples().count() + 1e-6);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "open, deepfool_l2",
        "open, deepfool_linf",
        "open, ddn_l2",
        "open, fmn_l2",
        "open, fmn_linf",
        "open, cw_l2",
        "open, boundary_l2",
        "open, hsj_l2",
        "resnet20, deepfool_l2",
        "resnet20, deepfool_linf",
        "resnet20, ddn_l2",
        "resnet20, fmn_l2",
        "resnet20, fmn_linf"
    })
    void median_distances_are_at_most_2_percent_above_those_of_foolbox(String model, String name) throws IOException {
        try (Case given = Case.open(model, name)) {
            Attack attack = minimal(name);
            JsonNode theirs = given.golden().path("attacks").path(name).path(name.endsWith("linf") ? "linf" : "l2");
            long before = System.nanoTime();
            List<Outcome> outcomes = new AttackRunner(given.classifier())
                    .run(attack, given.examples())
                    .outcomes();
            double seconds = (System.nanoTime() - before) / 1e9;
            int[] attacked = IntStream.range(0, outcomes.size())
                    .filter(i -> outcomes.get(i).label() == outcomes.get(i).cleanPrediction())
                    .toArray();
            double[] ours = IntStream.of(attacked)
                    .mapToDouble(i -> outcomes.get(i).distance(attack.distance()))
                    .toArray();
            double[] golden = IntStream.of(attacked)
                    .mapToDouble(i -> theirs.get(i).asDouble(Double.POSITIVE_INFINITY))
                    .toArray();
            double[] ratios = IntStream.range(0, ours.length)
                    .mapToDouble(i -> ours[i] / golden[i])
                    .toArray();
            double ratio = median(ours) / median(golden);
            System.out.printf(
                    "GOLDEN %s %s: median %.5f, Foolbox %.5f, ratio %.4f; image by image median %.4f, worst %.3f, best"
                            + " %.3f, %.1f s; farther by more than 2 %%:%s%n",
                    model,
                    name,
                    median(ours),
                    median(golden),
                    ratio,
                    median(ratios),
                    Arrays.stream(ratios).max().orElseThrow(),
                    Arrays.stream(ratios).min().orElseThrow(),
                    seconds,
                    IntStream.range(0, ratios.length)
                            .filter(i -> ratios[i] > 1.02)
                            .mapToObj(i -> " %d (%.3f)".formatted(attacked[i], ratios[i]))
                            .collect(Collectors.joining()));
            assertThat(ratio).isLessThanOrEqualTo(1.02);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "open, Linf:0.003922",
        "open, Linf:0.007843",
        "open, Linf:0.015686",
        "open, L2:0.100000",
        "open, L2:0.250000",
        "resnet20, Linf:0.003922",
        "resnet20, L2:0.100000"
    })
    void autoattack_leaves_no_more_images_than_the_original_does(String model, String name) throws IOException {
        try (Case given = Case.open(model, name)) {
            JsonNode golden = given.golden().path("autoattack").path(name);
            Norm norm = name.startsWith("Linf") ? Norm.LINF : Norm.L2;
            double epsilon = Double.parseDouble(name.substring(name.indexOf(':') + 1));
            long before = System.nanoTime();
            SuiteResult ours = new AutoAttack(AutoAttack.Version.STANDARD, new ThreatModel(norm, epsilon))
                    .run(new AttackRunner(given.classifier()), given.examples());
            int count = given.examples().count();
            double theirs = IntStream.range(0, count)
                            .filter(i -> golden.path("robust").get(i).asBoolean())
                            .count()
                    / (double) count;
            System.out.printf(
                    "GOLDEN %s autoattack %s: worst case %.4f, original %.4f, after each attack%s, %s, %.1f s%n",
                    model,
                    name,
                    ours.robustAccuracy(),
                    theirs,
                    ours.stages().stream()
                            .map(stage -> " %s %.4f".formatted(stage.attack(), stage.robustAccuracy()))
                            .collect(Collectors.joining()),
                    ours.flags(),
                    (System.nanoTime() - before) / 1e9);
            assertThat(ours.robustAccuracy()).isLessThanOrEqualTo(theirs + 1e-6);
        }
    }

    private static Attack fixed(String name, double epsilon) {
        String attack = name.substring(0, name.indexOf('_'));
        return named(attack.equals("fgm") ? "fgsm" : attack, norm(name), Optional.of(epsilon));
    }

    private static Attack minimal(String name) {
        String attack = name.substring(0, name.indexOf('_'));
        Integer steps = Integer.getInteger("racnn.golden.steps");
        if (steps != null) {
            CarliniWagner.Settings all = CarliniWagner.Settings.MODERN;
            return switch (attack) {
                case "cw" ->
                    new CarliniWagner(new CarliniWagner.Settings(
                            all.searches(), steps, all.rate(), all.confidence(), all.constant()));
                case "boundary" -> new Boundary(Boundary.Settings.MODERN.withSteps(steps));
                case "hsj" -> new HopSkipJump(norm(name), HopSkipJump.Settings.MODERN.withSteps(steps));
                default -> throw new IllegalArgumentException("racnn.golden.steps does not apply to " + name);
            };
        }
        return named(attack.equals("hsj") ? "hopskipjump" : attack, norm(name), Optional.empty());
    }

    private static Attack named(String name, Norm norm, Optional<Double> epsilon) {
        return Attacks.named(Profile.MODERN, name).make(norm, epsilon).attacks().getFirst();
    }

    private static Norm norm(String name) {
        return name.endsWith("linf") ? Norm.LINF : Norm.L2;
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
