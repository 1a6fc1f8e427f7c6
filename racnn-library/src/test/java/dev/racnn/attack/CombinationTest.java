package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinationTest {
    private static LossGradient of(float[] losses, float... gradient) {
        return new LossGradient(
                Tensors.of(losses, losses.length),
                Tensors.of(gradient, losses.length, 1, 1, gradient.length / losses.length));
    }

    @Test
    void each_gradient_weighs_the_same_and_one_that_says_nothing_drops_out() {
        try (var _ = Scope.open()) {
            List<Objective> terms = List.of(Objectives.CROSS_ENTROPY, Objectives.MARGIN);
            LossGradient one = of(new float[] {1, 2}, 3, 4, 0, 0);
            LossGradient other = of(new float[] {5, 6}, 0, 1000, 10, 0);
            // In Linf lengths are sums of absolute values: (3, 4) / 7 + (0, 1); of the second row only the other is
            // left.
            LossGradient sum = new Combination(Norm.LINF, terms).combined(List.of(one, other));
            assertThat(Tensors.toFloats(sum.gradient()))
                    .containsExactly(new float[] {3 / 7f, 4 / 7f + 1, 1, 0}, within(1e-6f));
            assertThat(Tensors.toFloats(sum.losses())).containsExactly(1, 2);
            LossGradient euclidean = new Combination(Norm.L2, terms).combined(List.of(one, other));
            assertThat(Tensors.toFloats(euclidean.gradient()))
                    .containsExactly(new float[] {0.6f, 1.8f, 1, 0}, within(1e-6f));
        }
    }

    @Test
    void is_aimed_if_a_term_is_and_names_them_all() {
        assertThat(new Combination(Norm.L2, List.of(Objectives.MARGIN)).aimed()).isFalse();
        Combination both = new Combination(Norm.L2, List.of(Objectives.MARGIN, Objectives.TARGETED_LOGITS_RATIO));
        assertThat(both.aimed()).isTrue();
        assertThat(both).hasToString("margin and targeted difference of logits ratio");
        assertThatThrownBy(() -> new Combination(Norm.L2, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one term");
    }
}
