package dev.racnn.attack.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every attack in every norm it knows. */
class AttackTableTest {
    private static final Examples EXAMPLES = CurvedModel.examples(6);

    /** Settings with which an attack is done in no time. */
    private static final Map<String, Map<String, String>> SHORT = Map.ofEntries(
            Map.entry("paper boundary", Map.of("iterations", "100")),
            Map.entry("paper ifgsm", Map.of("epsilons", "20")),
            Map.entry("paper lbfgs", Map.of("iterations", "30")),
            Map.entry("modern apgd-ce", Map.of("iterations", "20")),
            Map.entry("modern apgd-dlr", Map.of("iterations", "20")),
            Map.entry("modern apgd-t", Map.of("iterations", "20", "targets", "4")),
            Map.entry("modern boundary", Map.of("steps", "200")),
            Map.entry("modern brendel-bethge", Map.of("steps", "30", "radius", "0.01", "decays", "4")),
            Map.entry("modern cw", Map.of("searches", "4", "steps", "50", "rate", "0.05", "constant", "0.1")),
            Map.entry("modern ddn", Map.of("steps", "40")),
            Map.entry("modern ead", Map.of("searches", "4", "steps", "40", "rate", "0.05", "constant", "0.1")),
            Map.entry("modern sigma-zero", Map.of("steps", "60")),
            Map.entry("modern simba", Map.of("directions", "150")),
            Map.entry("modern sparse-rs", Map.of("queries", "300")),
            Map.entry("modern fab", Map.of("iterations", "10", "restarts", "2")),
            Map.entry("modern fab-t", Map.of("iterations", "10", "restarts", "2", "targets", "4")),
            Map.entry("modern fmn", Map.of("steps", "40")),
            Map.entry("modern geoda", Map.of("rounds", "3", "probes", "120", "frequencies", "8")),
            Map.entry("modern hopskipjump", Map.of("steps", "3", "firstProbes", "30", "maxProbes", "100")),
            Map.entry("modern jsma", Map.of("gamma", "0.5")),
            Map.entry("modern nes", Map.of("steps", "30", "pairs", "24")),
            Map.entry("modern spsa", Map.of("steps", "30", "pairs", "24")),
            Map.entry("modern pgd", Map.of("restarts", "2")),
            Map.entry("modern square", Map.of("queries", "500")));

    /** Every attack of the catalogue in every norm that it knows, and variants that have no name. */
    static Stream<Named<Attack>> attacks() {
        Apgd.Settings ascent = new Apgd.Settings(20, 1, 0.75, 4, 2);
        Fab.Settings fab = new Fab.Settings(10, 2, 0.1, 1.05, 0.9, 4);
        ThreatModel budget = new ThreatModel(Norm.LINF, 0.1);
        return Stream.concat(
                        Attacks.all().stream()
                                .filter(AttackTableTest::isForAnyModel)
                                .flatMap(AttackTableTest::attacks),
                        Stream.of(Apgd.targeted(budget, ascent), new Fab(true, budget, false, fab)))
                .map(attack -> named(attack.name() + " " + attack.distance(), attack));
    }

    /** Those that know a RaCNN are tried on one, see {@code AdaptiveSuiteTest}. */
    private static boolean isForAnyModel(AttackKind kind) {
        return !kind.isSuite() && kind.strength() != Strength.ADAPTIVE;
    }

    private static Stream<Attack> attacks(AttackKind kind) {
        Stream<Norm> norms = kind.norms().isEmpty() ? Stream.of(Norm.L2) : kind.norms().stream();
        Map<String, String> changes = SHORT.getOrDefault(kind.profile() + " " + kind.name(), Map.of());
        return norms.map(norm -> kind.make(norm, kind.needsBudget() ? budget(kind, norm) : Optional.empty(), changes)
                .attacks()
                .getFirst());
    }

    private static Optional<Double> budget(AttackKind kind, Norm norm) {
        boolean chance = kind.strength() == Strength.CHANCE;
        return Optional.of(
                switch (norm) {
                    case L0 -> 40.0;
                    case L1 -> chance ? 90.0 : 15;
                    case L2 -> chance ? 8.0 : 1;
                    case LINF -> chance ? 0.5 : 0.1;
                });
    }

    @Test
    void names_are_unique_within_a_profile_and_titles_hold_in_both() {
        assertThat(Attacks.all())
                .extracting(kind -> kind.profile() + " " + kind.name())
                .doesNotHaveDuplicates();
        for (AttackKind kind : Attacks.all()) {
            assertThat(Attacks.title(kind.name())).isEqualTo(kind.title());
            assertThat(Attacks.named(kind.profile(), kind.name())).isEqualTo(kind);
        }
        assertThat(Attacks.title("my-own")).isEqualTo("my-own");
    }

    @Test
    void what_the_catalogue_says_of_an_attack_is_so() throws IOException {
        for (AttackKind kind : Attacks.all()) {
            Norm norm = kind.norms().isEmpty() ? Norm.L2 : kind.norms().getFirst();
            AttackSequence attack = kind.make(norm, kind.needsBudget() ? Optional.of(0.1) : Optional.empty());
            assertThat(attack.name()).isEqualTo(kind.name());
            assertThat(attack.threatModel().isPresent()).isEqualTo(kind.needsBudget());
            assertThat(attack.attacks().size() > 1).isEqualTo(kind.isSuite());
            boolean gradients = kind.strength().compareTo(Strength.SINGLE_STEP) >= 0;
            // Who knows a model from inside may still attack it by its decisions alone.
            assertThat(attack.needsGradients())
                    .as(kind.name())
                    .isEqualTo(kind.name().equals("decisions") ? false : gradients);
        }
    }

    /** Who makes an attack in Java passes the catalogue by. */
    @Test
    void a_norm_that_the_catalogue_does_not_list_is_refused_by_the_attack_itself() {
        // In other norms this attack is BIM.
        List<AttackKind> kinds = Attacks.of(Profile.MODERN).stream()
                .filter(kind -> isForAnyModel(kind) && !kind.norms().isEmpty() && kind.needsBudget())
                .filter(kind -> !kind.name().equals("sparse-l1-descent"))
                .toList();
        for (AttackKind kind : kinds) {
            for (Norm norm : Norm.values()) {
                ThreatModel budget = new ThreatModel(norm, 10);
                if (kind.norms().contains(norm)) {
                    assertThat(kind.maker().make(budget, Map.of()).threatModel())
                            .contains(budget);
                } else {
                    assertThatThrownBy(() -> kind.maker().make(budget, Map.of()))
                            .as("%s in %s", kind.name(), norm)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageMatching("norm of .* must be .*, but is " + norm);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void takes_targets_or_says_that_it_does_not(Attack attack) throws IOException {
        AttackRunner aimed = new AttackRunner(CurvedModel.classifier())
                .withCriterion(Criterion.targeted((label, _) -> (label + 1) % CurvedModel.CLASSES));
        boolean takes = Attacks.all().stream()
                .filter(kind -> kind.name().equals(attack.name()))
                .allMatch(AttackKind::takesTargets);
        if (takes) {
            for (Outcome outcome : aimed.run(attack, EXAMPLES.at(0, 1)).outcomes()) {
                float[] point = outcome.adversarial();
                if (point != null) {
                    assertThat(CurvedModel.predictions(one(point))[0])
                            .isEqualTo((outcome.label() + 1) % CurvedModel.CLASSES);
                }
            }
        } else {
            assertThatThrownBy(() -> aimed.run(attack, EXAMPLES.at(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("knows no target");
        }
    }

    /** The model of the other tests, which knows no numbers near the first image, except at the image itself. */
    private static Classifier brokenNearTheFirst() {
        Classifier whole = CurvedModel.classifier();
        return FunctionClassifier.of(CurvedModel.CLASSES, images -> {
            Tensor first = EXAMPLES.at(0).tensor();
            Tensor far = images.sub(first).abs().flatten(1, -1).amax(new long[] {1}, false);
            Tensor near = far.gt(new Scalar(0.0)).logical_and(far.lt(new Scalar(0.35)));
            return whole.logits(images).masked_fill(near.unsqueeze(1), new Scalar(Double.NaN));
        });
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void an_answer_that_is_no_number_in_mid_attack_ends_nothing(Attack attack) throws IOException {
        Examples examples = EXAMPLES.at(0, 1, 2);
        List<Outcome> sound = new AttackRunner(CurvedModel.classifier())
                .withSeed(7)
                .run(attack, examples)
                .outcomes();
        List<Outcome> broken = new AttackRunner(brokenNearTheFirst())
                .withSeed(7)
                .run(attack, examples)
                .outcomes();
        assertThat(broken.getFirst().success() && broken.getFirst().linf() < 0.35)
                .isFalse();
        for (int i = 1; i < 3; i++) {
            assertThat(broken.get(i).success()).isEqualTo(sound.get(i).success());
            if (sound.get(i).success()) {
                assertThat(broken.get(i).distance(attack.distance()))
                        .isCloseTo(sound.get(i).distance(attack.distance()), Percentage.withPercentage(0.5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void a_model_that_writes_into_its_images_is_attacked_like_one_that_does_not(Attack attack) throws IOException {
        Classifier polite = CurvedModel.behind(images -> images.sub(new Scalar(0.1)));
        Classifier rude = CurvedModel.behind(images -> images.sub_(new Scalar(0.1)));
        Examples examples = EXAMPLES.at(0, 1, 2);
        AttackResult expected = new AttackRunner(polite).withSeed(7).run(attack, examples);
        AttackResult actual = new AttackRunner(rude).withSeed(7).run(attack, examples);
        for (int i = 0; i < 3; i++) {
            assertThat(actual.outcomes().get(i).msd())
                    .isEqualTo(expected.outcomes().get(i).msd());
        }
    }

    private static Examples one(float[] image) {
        return new Examples(new ImageSize(8, 8), new float[][] {image}, new int[1], new int[1]);
    }

    private static List<Outcome> run(Attack attack, int batchSize) throws IOException {
        return new AttackRunner(CurvedModel.classifier())
                .withSeed(7)
                .withBatchSize(batchSize)
                .run(attack, EXAMPLES)
                .outcomes();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void finds_points_that_are_misclassified_within_the_bounds_and_the_ball(Attack attack) throws IOException {
        List<Outcome> outcomes = run(attack, 64);
        assertThat(outcomes.subList(0, 5)).filteredOn(Outcome::success).hasSizeGreaterThanOrEqualTo(3);
        for (Outcome outcome : outcomes) {
            float[] point = outcome.adversarial();
            if (point == null) {
                continue;
            }
            for (float pixel : point) {
                assertThat(pixel).isBetween(-1e-6f, 1 + 1e-6f);
            }
            assertThat(CurvedModel.predictions(one(point))[0]).isNotEqualTo(outcome.label());
            double length = attack.distance().between(EXAMPLES.images()[outcome.index()], point, Bounds.UNIT);
            assertThat(length).isEqualTo(outcome.distance(attack.distance()));
            attack.threatModel()
                    .ifPresent(budget -> assertThat(length).isLessThanOrEqualTo(budget.epsilon() * 1.0001 + 1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void a_seed_gives_the_same_results_whatever_the_batch_size(Attack attack) throws IOException {
        List<Outcome> together = run(attack, 64);
        List<Outcome> again = run(attack, 64);
        List<Outcome> apart = run(attack, 1);
        for (int i = 0; i < together.size(); i++) {
            assertThat(again.get(i).adversarial()).isEqualTo(together.get(i).adversarial());
            assertThat(apart.get(i).success()).isEqualTo(together.get(i).success());
            if (together.get(i).success()) {
                assertThat(apart.get(i).distance(attack.distance()))
                        .isCloseTo(together.get(i).distance(attack.distance()), Percentage.withPercentage(0.5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void a_misclassified_image_has_distance_zero_and_is_not_attacked(Attack attack) throws IOException {
        Outcome wrong = run(attack, 64).getLast();
        assertThat(wrong.success()).isTrue();
        assertThat(wrong.distance(Distance.L2)).isZero();
        assertThat(wrong.forwardQueries()).isEqualTo(1);
        assertThat(Objects.requireNonNull(wrong.adversarial())).isEqualTo(EXAMPLES.images()[5]);
    }
}
