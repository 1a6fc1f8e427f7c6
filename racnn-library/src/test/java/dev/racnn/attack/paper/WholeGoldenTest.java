package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole comparison with Foolbox 2d468cb6, which takes minutes and needs CIFAR-10 and the golden outputs:
 *
 * <pre>mvn test -pl racnn -Dtest=WholeGoldenTest -Dracnn.golden=FOLDER -Dracnn.cifar10=FOLDER</pre>
 */
@EnabledIfSystemProperty(named = "racnn.golden", matches = ".+")
class WholeGoldenTest {
    /** Every attack of every golden file, or those that the system property {@code racnn.golden.only} names. */
    static Stream<String> distances_are_those_of_foolbox() {
        String only = System.getProperty("racnn.golden.only", "");
        return Stream.of("open", "resnet20")
                .flatMap(model -> Attacks.of(Profile.PAPER).stream().map(attack -> model + "/" + attack.name()))
                .filter(name -> !name.equals("resnet20/boundary"))
                .filter(name -> name.contains(only));
    }

    @ParameterizedTest
    @MethodSource
    void distances_are_those_of_foolbox(String name) throws IOException {
        String model = name.substring(0, name.indexOf('/'));
        String attack = name.substring(model.length() + 1);
        Path folder = Path.of(System.getProperty("racnn.golden"));
        JsonNode golden = JsonMapper.shared()
                .readTree(folder.resolve(model + "-foolbox-paper.json").toFile());
        int start = golden.path("start").asInt();
        int count = golden.path("n").asInt();
        JsonNode distances = golden.path("attacks").path(attack).path("distances");
        Examples examples =
                Examples.of(Cifar10.test(Path.of(System.getProperty("racnn.cifar10"))), start, count, Bounds.UNIT);
        try (Classifier classifier =
                TorchScriptClassifier.open(folder.resolve(model + ".pt"), TorchScriptSettings.plain(10))) {
            long before = System.nanoTime();
            List<Outcome> outcomes = new AttackRunner(classifier)
                    .run(
                            Attacks.named(Profile.PAPER, attack)
                                    .make(Norm.L2, Optional.empty())
                                    .attacks()
                                    .getFirst(),
                            examples)
                    .outcomes();
            double seconds = (System.nanoTime() - before) / 1e9;
            double[] ratios = IntStream.range(0, count)
                    .filter(i -> golden(distances.get(i)) > 0)
                    .mapToDouble(i -> ratio(outcomes.get(i).msd(), golden(distances.get(i))))
                    .toArray();
            report(model, attack, seconds, ratios);
            switch (attack) {
                case "lbfgs" -> {
                    assertThat(median(ratios)).isLessThan(1.02);
                    assertThat(Arrays.stream(ratios).max().orElseThrow()).isLessThan(1.2);
                }
                case "boundary" -> assertThat(median(ratios)).isLessThan(1.05);
                default -> assertThat(equal(ratios)).isGreaterThanOrEqualTo(0.95);
            }
        }
    }

    private static void report(String model, String attack, double seconds, double[] ratios) {
        System.out.printf(
                "GOLDEN %s %s: %.1f s, equal %.3f, median %.5f, worst %.4f, best %.4f; off by more than 0.1 %%:%s%n",
                model,
                attack,
                seconds,
                equal(ratios),
                median(ratios),
                Arrays.stream(ratios).max().orElseThrow(),
                Arrays.stream(ratios).min().orElseThrow(),
                IntStream.range(0, ratios.length)
                        .filter(i -> Math.abs(ratios[i] - 1) > 1e-3)
                        .mapToObj(i -> " %d (%.4f)".formatted(i, ratios[i]))
                        .reduce("", String::concat));
    }

    /** A failed attack is null there. */
    private static double golden(JsonNode distance) {
        return distance.isNull() ? Double.POSITIVE_INFINITY : distance.asDouble();
    }

    /** Ours over theirs; 1 for two failed attacks. */
    private static double ratio(double distance, double golden) {
        return distance == golden ? 1 : distance / golden;
    }

    private static double equal(double[] ratios) {
        return Arrays.stream(ratios)
                        .filter(ratio -> Math.abs(ratio - 1) <= 1e-3)
                        .count()
                / (double) ratios.length;
    }

    /** Over the images that are attacked at all: those misclassified unperturbed have no ratio. */
    private static double median(double[] ratios) {
        double[] sorted = Arrays.stream(ratios).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
