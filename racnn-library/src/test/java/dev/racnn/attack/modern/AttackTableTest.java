package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every attack in every norm it knows. */
class AttackTableTest {
    private static final ThreatModel L1 = new ThreatModel(Norm.L1, 15);
    private static final ThreatModel L2 = new ThreatModel(Norm.L2, 1);
    private static final ThreatModel LINF = new ThreatModel(Norm.LINF, 0.1);
    private static final Examples EXAMPLES = CurvedModel.examples(6);

    static Stream<Named<Attack>> attacks() {
        Apgd.Settings ascent = new Apgd.Settings(20, 1, 0.75, 4, 1);
        Fab.Settings fab = new Fab.Settings(10, 2, 0.1, 1.05, 0.9, 4);
        Square.Settings square = new Square.Settings(500, 0.8, 1);
        HopSkipJump.Settings jumps = new HopSkipJump.Settings(3, 30, 100);
        return Stream.of(
                        Pgd.fast(L1),
                        Pgd.fast(L2),
                        Pgd.fast(LINF),
                        Pgd.basic(L1),
                        Pgd.basic(L2),
                        Pgd.basic(LINF),
                        Pgd.projected(L1),
                        Pgd.projected(L2),
                        new Pgd("pgd", LINF, Pgd.Settings.projected(Norm.LINF).withRestarts(2)),
                        new DeepFool(Norm.L2, DeepFool.Settings.MODERN),
                        new DeepFool(Norm.LINF, DeepFool.Settings.MODERN),
                        new CarliniWagner(new CarliniWagner.Settings(4, 50, 0.05, 0, 0.1)),
                        new Ddn(new Ddn.Settings(40, 1, 0.05)),
                        new Fmn(Norm.L2, new Fmn.Settings(40, 1, 0.05)),
                        new Fmn(Norm.LINF, new Fmn.Settings(40, 1, 0.05)),
                        new Boundary(Boundary.Settings.MODERN.withSteps(200)),
                        new HopSkipJump(Norm.L2, jumps),
                        new HopSkipJump(Norm.LINF, jumps),
                        new Apgd(Apgd.Variant.CE, L2, ascent),
                        new Apgd(Apgd.Variant.CE, LINF, ascent),
                        new Apgd(Apgd.Variant.DLR, L2, ascent),
                        new Apgd(Apgd.Variant.DLR, LINF, ascent),
                        new Apgd(Apgd.Variant.TARGETED_DLR, L2, ascent),
                        new Apgd(Apgd.Variant.TARGETED_DLR, LINF, ascent.withPasses(2)),
                        new Fab(false, L2, true, fab),
                        new Fab(false, LINF, true, fab),
                        new Fab(true, L2, true, fab),
                        new Fab(true, LINF, false, fab),
                        new Square(L2, square),
                        new Square(LINF, square),
                        new AdditiveNoise(new ThreatModel(Norm.L2, 8), AdditiveNoise.Settings.MODERN),
                        new AdditiveNoise(new ThreatModel(Norm.LINF, 0.5), AdditiveNoise.Settings.MODERN),
                        new Spatial(Spatial.Settings.MODERN))
                .map(attack -> named(attack.name() + " " + attack.objective(), attack));
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
            Examples found = new Examples(
                    new ImageSize(8, 8), new float[][] {point}, new int[] {outcome.label()}, new int[] {outcome.index()
                    });
            assertThat(CurvedModel.predictions(found)[0]).isNotEqualTo(outcome.label());
            double length = attack.objective().between(EXAMPLES.images()[outcome.index()], point, Bounds.UNIT);
            assertThat(length).isEqualTo(outcome.distance(attack.objective()));
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
                assertThat(apart.get(i).distance(attack.objective()))
                        .isCloseTo(together.get(i).distance(attack.objective()), Percentage.withPercentage(0.5));
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
