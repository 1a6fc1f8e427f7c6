package dev.racnn.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Signals;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.model.Bounds;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownRacnnTest {
    @TempDir
    private static Path folder;

    private static TrainedRacnn racnn;
    private static WhiteBox box;

    private static final Dataset TEST = TinyBundle.images(6, 9);
    private static final Examples EXAMPLES = Examples.of(TEST, 0, 6, Bounds.UNIT);

    @BeforeAll
    static void train() throws IOException {
        racnn = TrainedRacnn.make(folder);
        box = racnn.box();
    }

    @AfterAll
    static void close() throws IOException {
        racnn.close();
    }

    /** Distances, features and hulls of the candidates around points. */
    private record Seen(Tensor distances, Tensor features, Tensor hulls) {
        static Seen of(Tensor points) {
            int[] rows = {0, 1, 2, 3, 4, 5};
            Tensor keys = box.keys(points);
            Surroundings around = Surroundings.of(box, keys.detach(), rows);
            return new Seen(around.distances(keys, rows), box.features(points), around.features(rows));
        }

        Tensor softLogits(double tau) {
            Tensor temperature = torch.full(new long[] {6, 1}, new Scalar(tau));
            return SoftRetrieval.logits(box, distances, features, hulls, temperature);
        }
    }

    @Test
    void soft_logits_become_the_models_own_as_the_temperature_goes_to_zero() {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor points = EXAMPLES.tensor();
            float[] hard = Tensors.toFloats(box.classifier().logits(points));
            Seen seen = Seen.of(points);
            double before = Double.POSITIVE_INFINITY;
            for (double tau : new double[] {1, 1e-1, 1e-2, 1e-5}) {
                float[] soft = Tensors.toFloats(seen.softLogits(tau));
                double difference = 0;
                for (int i = 0; i < soft.length; i++) {
                    difference = Math.max(difference, Math.abs(soft[i] - hard[i]));
                }
                assertThat(difference).isLessThanOrEqualTo(before + 1e-4);
                before = difference;
            }
            assertThat(before).isLessThan(1e-3);
        }
    }

    @Test
    void the_gradient_of_soft_logits_agrees_with_finite_differences_along_a_direction() {
        try (var _ = Scope.open()) {
            Tensor points = EXAMPLES.tensor().set_requires_grad(true);
            Tensor direction = torch.randn(new long[] {6, 3, 32, 32});
            double tau = 5;
            Tensor soft = Seen.of(points).softLogits(tau).select(1, 1);
            soft.sum().backward();
            double slope = points.grad().mul(direction).sum().item_double();
            double h = 2e-3;
            double up;
            double down;
            try (var _ = new NoGradGuard()) {
                Tensor step = direction.mul(new Scalar(h));
                up = Seen.of(points.add(step))
                        .softLogits(tau)
                        .select(1, 1)
                        .sum()
                        .item_double();
                down = Seen.of(points.sub(step))
                        .softLogits(tau)
                        .select(1, 1)
                        .sum()
                        .item_double();
            }
            assertThat(slope).isCloseTo((up - down) / (2 * h), within(0.05 * Math.abs(slope) + 1e-3));
        }
    }

    @Test
    void the_surrogates_logits_come_from_the_keys_unchanged() {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor points = EXAMPLES.tensor();
            assertThat(Tensors.toFloats(box.surrogateLogits(points, box.keys(points))))
                    .isEqualTo(Tensors.toFloats(racnn.bundle().surrogate().logits(points)));
            // phi' is not asked again.
            Tensor others = box.keys(points.flip(0));
            assertThat(Tensors.toFloats(box.surrogateLogits(points, others)))
                    .isEqualTo(Tensors.toFloats(racnn.bundle().surrogate().logits(points.flip(0))));
        }
    }

    @Test
    void blanks_weigh_nothing_and_every_class_is_around_once_per_candidate() {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor keys = box.keys(EXAMPLES.tensor());
            try (Surroundings around = Surroundings.of(box, keys, 0, 1, 2, 3, 4, 5)) {
                int[] rows = {0, 1, 2, 3, 4, 5};
                // 24 candidates, 12 of each class, all of them near enough.
                assertThat(Tensors.shape(around.labels(rows))).containsExactly(6, 24);
                long[] labels = Tensors.toLongs(around.labels(rows));
                assertThat(java.util.Arrays.stream(labels).sum()).isEqualTo(6 * 12);
                Tensor distances = around.distances(keys, rows);
                assertThat(distances.amin(new long[] {1}, false).select(0, 0).item_double())
                        .isCloseTo(box.search(keys, 1).squaredDistance(0, 0), within(1e-2));
                assertThat(Tensors.toFloats(around.features(4, 1).select(0, 0)))
                        .isEqualTo(Tensors.toFloats(around.features(rows).select(0, 4)));
                Tensor few = around.distances(keys.index_select(0, Tensors.of(new int[] {4, 1})), 4, 1);
                assertThat(Tensors.toFloats(few.select(0, 1))).isEqualTo(Tensors.toFloats(distances.select(0, 1)));
                assertThat(around.holds(4, 1)).isTrue();
                assertThat(around.holds(7)).isFalse();
            }
        }
    }

    @Test
    void temperature_falls_from_ten_typical_distances_to_a_tenth_of_one() {
        try (var _ = Scope.open()) {
            float blank = Float.POSITIVE_INFINITY;
            Tensor distances = Tensors.of(new float[] {1, 2, 4, 8, 16, blank, blank, blank, blank}, 1, 9);
            // Two neighbours: midway between 2 and 4; distances from there are 2, 1, 1, 5 and 13.
            Tensor theta = SoftRetrieval.theta(distances, 2);
            assertThat(theta.item_double()).isEqualTo(3);
            assertThat(SoftRetrieval.temperature(distances, theta, 0).item_double())
                    .isCloseTo(20, within(1e-4));
            assertThat(SoftRetrieval.temperature(distances, theta, 0.5).item_double())
                    .isCloseTo(2, within(1e-4));
            assertThat(SoftRetrieval.temperature(distances, theta, 1).item_double())
                    .isCloseTo(0.2, within(1e-5));
        }
    }

    @Test
    void attacks_on_every_signal_decide_by_the_model_itself() throws IOException {
        ThreatModel budget = new ThreatModel(Norm.LINF, 0.1);
        Examples few = EXAMPLES.at(0, 1, 2);
        AttackRunner runner = new AttackRunner(box.classifier()).withGradients(new KnownRacnn(box));
        for (Signal logits : new Signal[] {
            Signal.LOGITS, RacnnSignals.STRAIGHT_THROUGH, RacnnSignals.SURROGATE, RacnnSignals.WITHOUT_RETRIEVAL
        }) {
            Pgd pgd = new Pgd("pgd", budget, Pgd.Settings.BASIC, Objectives.CROSS_ENTROPY.of(logits), Starts.IMAGE);
            AttackResult result = runner.run(pgd, few);
            assertThat(result.cleanAccuracy()).isEqualTo(1);
            assertThat(result.zeroGradientShare()).as(logits.name()).isLessThan(0.5);
            // One forward query for each step, the last point and the clean image: decisions come along.
            assertThat(result.outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.forwardQueries()).isLessThanOrEqualTo(12));
        }
        Objective towards =
                Objective.of("towards other candidates", (batch, _) -> (at, rows) -> drawn(at, batch.labels(rows)));
        Apgd apgd = new Apgd("neighbours", towards, budget, new Apgd.Settings(12, 1, 0.75, 1, 1));
        AttackResult drawn = runner.run(apgd, few);
        assertThat(drawn.gradientPath()).contains("candidates included");
        assertThat(drawn.zeroGradientShare()).isZero();
    }

    /** How much nearer the nearest candidates of other classes are than those of the image's own. */
    private static Tensor drawn(Signals at, Tensor labels) {
        Tensor near = at.get(RacnnSignals.DISTANCES).neg().div(at.get(RacnnSignals.TEMPERATURE));
        Tensor own = at.get(RacnnSignals.CANDIDATE_LABELS).eq(labels.unsqueeze(1));
        Scalar out = new Scalar(Double.NEGATIVE_INFINITY);
        return near.masked_fill(own, out)
                .logsumexp(new long[] {1}, false)
                .sub(near.masked_fill(own.logical_not(), out).logsumexp(new long[] {1}, false));
    }

    @Test
    void the_hard_logits_are_those_of_the_model_to_the_bit() throws IOException {
        AttackRunner apart =
                new AttackRunner(racnn.bundle().classifier(racnn.candidates(), 3)).withGradients(new KnownRacnn(box));
        AttackRunner together = new AttackRunner(box.classifier()).withGradients(new KnownRacnn(box));
        Pgd pgd = Pgd.basic(new ThreatModel(Norm.LINF, 0.2));
        AttackResult one = apart.run(pgd, EXAMPLES);
        AttackResult other = together.run(pgd, EXAMPLES);
        for (int i = 0; i < 6; i++) {
            assertThat(other.outcomes().get(i).msd())
                    .isEqualTo(one.outcomes().get(i).msd());
        }
    }
}
