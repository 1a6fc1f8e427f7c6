package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OptimisationTest {
    @Test
    void adam_takes_the_steps_of_its_paper() {
        try (Network network = Network.random(List.of(new Layer.FullyConnected("f", 2, 1, false)), 0);
                Adam adam = new Adam(List.of(new Adam.Group("f", network.parameters(), 0.5)), 0.1);
                var _ = Scope.open()) {
            network.parameters().values().copy_(Tensors.of(new float[] {1, -2}, 2));
            double[] x = {1, -2};
            double[] m = new double[2];
            double[] v = new double[2];
            double[][] gradients = {{0.3, -4}, {-0.1, 2}, {0.2, 0.5}};
            for (int t = 1; t <= gradients.length; t++) {
                double rate = 0.01 * t;
                float[] gradient = {(float) gradients[t - 1][0], (float) gradients[t - 1][1]};
                network.parameters().gradients().copy_(Tensors.of(gradient, 2));
                adam.step(rate);
                for (int i = 0; i < 2; i++) {
                    double g = gradients[t - 1][i];
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    double step = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
                    x[i] = x[i] * (1 - 0.5 * rate * 0.1) - 0.5 * rate * step;
                }
            }
            float[] actual = Tensors.toFloats(network.parameters().values());
            assertThat(actual[0]).isCloseTo((float) x[0], within(1e-6f));
            assertThat(actual[1]).isCloseTo((float) x[1], within(1e-6f));
            assertThat(adam.steps()).isEqualTo(3);
        }
    }

    @Test
    void the_learning_rate_rises_to_its_peak_and_falls_to_nothing() {
        OneCycle schedule = new OneCycle(0.4, 0.25, 1000);
        assertThat(schedule.rate(0)).isCloseTo(0.4 * 0.0005 / 0.25, within(1e-12));
        assertThat(schedule.rate(125)).isCloseTo(0.2, within(1e-3));
        assertThat(schedule.rate(250)).isCloseTo(0.4, within(1e-4));
        assertThat(schedule.rate(625)).isCloseTo(0.2, within(1e-3));
        assertThat(schedule.rate(999)).isLessThan(1e-6);
        assertThatThrownBy(() -> new OneCycle(Double.NaN, 0.2, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void beta_draws_have_the_mean_and_variance_of_their_law() {
        for (double alpha : new double[] {0.2, 1, 2, 16, 300}) {
            SplittableRandom random = new SplittableRandom(9);
            int n = 100_000;
            double sum = 0;
            double square = 0;
            for (int i = 0; i < n; i++) {
                double x = new BetaDraw(alpha).draw(random);
                sum += x;
                square += x * x;
            }
            double mean = sum / n;
            assertThat(mean).isCloseTo(0.5, within(0.005));
            assertThat(square / n - mean * mean).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.003));
        }
    }

    @Test
    void beta_draws_of_an_alpha_near_zero_are_zero_or_one() {
        SplittableRandom random = new SplittableRandom(9);
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            double x = new BetaDraw(1e-4).draw(random);
            assertThat(x).isBetween(0.0, 1.0);
            sum += x;
        }
        assertThat(sum / 10_000).isCloseTo(0.5, within(0.02));
    }

    @Test
    void an_answer_that_holds_no_number_is_not_right() {
        try (var _ = Scope.open()) {
            float nan = Float.NaN;
            var logits = Tensors.of(new float[] {nan, 1, 2, 1, 0, nan, 3, 1}, 4, 2);
            assertThat(SoftLabels.correct(logits, Tensors.of(new int[] {0, 0, 1, 0})))
                    .isEqualTo(2);
            assertThat(SoftLabels.correct(logits, Tensors.of(new int[] {1, 1, 0, 0})))
                    .isOne();
        }
    }

    @Test
    void an_answer_is_among_five_if_at_most_four_numbers_are_larger() {
        try (var _ = Scope.open()) {
            // The label's logit is the first, fifth, sixth, and one of seven equals in the sixth place.
            var logits = Tensors.of(
                    new float[] {
                        9, 1, 2, 3, 4, 5, 6,
                        7, 8, 9, 1, 2, 10, 11,
                        6, 8, 9, 7, 2, 10, 11,
                        1, 1, 1, 1, 1, 1, 1
                    },
                    4,
                    7);
            var labels = Tensors.of(new int[] {0, 0, 0, 5});
            assertThat(SoftLabels.correct(logits, labels, 5)).isEqualTo(2);
            assertThat(SoftLabels.correct(logits, labels, 6)).isEqualTo(4);
            assertThat(SoftLabels.correct(logits, labels)).isOne();
        }
    }
}
