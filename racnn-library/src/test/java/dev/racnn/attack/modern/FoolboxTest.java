package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Golden;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares with what Foolbox 3.3.4, AutoAttack and the authors' own SparseFool reached on the same model and the first images. */
class FoolboxTest {
    private static JsonNode golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("open-foolbox-3.3.4.json"))) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static double[] theirs(String attack, Norm norm, int count) throws IOException {
        JsonNode distances = golden().path(attack).path(norm.name().toLowerCase(Locale.ROOT));
        return IntStream.range(0, count)
                .mapToDouble(i -> distances.get(i).asDouble(Double.POSITIVE_INFINITY))
                .toArray();
    }

    private static double[] ours(String name, Norm norm, int count, Map<String, String> changes) throws IOException {
        Attack attack = Attacks.named(Profile.MODERN, name)
                .make(norm, Optional.empty(), changes)
                .attacks()
                .getFirst();
        try (Classifier model = Golden.open()) {
            List<Outcome> outcomes =
                    new AttackRunner(model).run(attack, Golden.examples(count)).outcomes();
            return outcomes.stream()
                    .mapToDouble(outcome -> outcome.distance(attack.distance()))
                    .toArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"L2", "LINF"})
    void deepfool_equals_foolbox_image_by_image(Norm norm) throws IOException {
        double[] theirs = theirs("deepfool", norm, 16);
        double[] ours = ours("deepfool", norm, 16, Map.of());
        for (int i = 0; i < theirs.length; i++) {
            assertThat(ours[i]).as("image %d", i).isCloseTo(theirs[i], Percentage.withPercentage(0.1));
        }
    }

    @ParameterizedTest
    @CsvSource({"mi-fgsm, LINF", "mi-fgsm, L2", "pgd, L1", "sparse-l1-descent, L1", "apgd-ce, L1", "apgd-t, L1"})
    void within_a_budget_at_most_one_image_more_is_left_than_by_foolbox(String attack, Norm norm) throws IOException {
        int compared = 0;
        for (JsonNode theirs : golden().path("fixed")) {
            if (theirs.path("attack").asString().equals(attack)
                    && theirs.path("norm").asString().equalsIgnoreCase(norm.name())) {
                double epsilon = theirs.path("epsilon").asDouble();
                try (Classifier model = Golden.open()) {
                    assertThat(left(attack, new ThreatModel(norm, epsilon), model))
                            .as("within %s", epsilon)
                            .isLessThanOrEqualTo(theirs.path("robust").asInt() + 1);
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1);
    }

    /** How many of the images withstand an attack, of those that look for the nearest point within the budget. */
    private static long left(String attack, ThreatModel budget, Classifier model) throws IOException {
        AttackKind kind = Attacks.named(Profile.MODERN, attack);
        Optional<Double> radius = kind.needsBudget() ? Optional.of(budget.epsilon()) : Optional.empty();
        // In L1 AutoAttack begins Auto-PGD five times, or aims it at five classes.
        Map<String, String> changes = budget.norm() != Norm.L1
                ? Map.of()
                : attack.equals("apgd-ce")
                        ? Map.of("restarts", "5")
                        : attack.equals("apgd-t") ? Map.of("targets", "5") : Map.of();
        return kind
                .make(budget.norm(), radius, changes)
                .run(new AttackRunner(model), Golden.examples(48))
                .worstCase()
                .outcomes()
                .stream()
                .filter(outcome -> !outcome.within(budget).success())
                .count();
    }

    @ParameterizedTest
    @CsvSource({"ddn, L2", "fmn, LINF"})
    void distances_are_in_the_median_no_more_than_2_percent_above_those_of_foolbox(String attack, Norm norm)
            throws IOException {
        assertNotAbove(theirs(attack, norm, 6), ours(attack, norm, 6, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"fmn, L1", "fmn, L0", "sparsefool, L1", "sparsefool, L0"})
    void sparse_distances_are_in_the_median_no_more_than_2_percent_above_those_of_others(String attack, Norm norm)
            throws IOException {
        int count = norm == Norm.L0 ? 48 : 24;
        assertNotAbove(theirs(attack, norm, count), ours(attack, norm, count, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"brendel-bethge, L2", "fmn, LINF"})
    void a_short_walk_along_the_boundary_ends_no_more_than_2_percent_above_them(String attack, Norm norm)
            throws IOException {
        assertNotAbove(theirs(attack, norm, 6), ours("brendel-bethge", norm, 6, Map.of("steps", "200")));
    }

    @Test
    void distances_of_the_elastic_net_are_in_the_median_no_more_than_2_percent_above_those_of_foolbox()
            throws IOException {
        Map<String, String> theirSettings = Map.of("searches", "5", "steps", "300");
        assertNotAbove(theirs("ead", Norm.L1, 12), ours("ead", Norm.L1, 12, theirSettings));
    }

    private static void assertNotAbove(double[] theirs, double[] ours) {
        double[] ratios = IntStream.range(0, ours.length)
                .filter(i -> theirs[i] > 0)
                .mapToDouble(i -> ours[i] / theirs[i])
                .sorted()
                .toArray();
        assertThat(ratios).isNotEmpty();
        assertThat(Arrays.stream(ratios).skip(ratios.length / 2).findFirst().orElseThrow())
                .isLessThanOrEqualTo(1.02);
    }
}
