package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class MomentumFgsmTest {
    /** Looks at a batch instead of attacking it. */
    private record Looking() implements Attack {
        @Override
        public String name() {
            return "looking";
        }

        @Override
        public Record settings() {
            return this;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            int[] rows = batch.rows();
            try (var _ = Scope.open()) {
                Tensor images = batch.originals(rows);
                Diversity never = Diversity.draw(batch, 0, rows);
                assertThat(Tensors.toFloats(never.of(images))).isEqualTo(Tensors.toFloats(images));
                assertThat(Tensors.toFloats(never.back(images))).isEqualTo(Tensors.toFloats(images));
                Diversity always = Diversity.draw(batch, 1, rows);
                Tensor seen = always.of(images);
                assertThat(Tensors.toFloats(seen)).isNotEqualTo(Tensors.toFloats(images));
                // <A x, g> = <x, A' g> for all x and g.
                Tensor gradients = torch.randn(Tensors.shape(images));
                double forward = seen.mul(gradients).sum().item_double();
                double backward = images.mul(always.back(gradients)).sum().item_double();
                assertThat(backward).isCloseTo(forward, within(1e-3));
            }
        }
    }

    @Test
    void gradients_at_diverse_copies_go_back_through_the_transposed_map() throws IOException {
        new AttackRunner(CurvedModel.classifier()).run(new Looking(), CurvedModel.examples(5));
    }

    @Test
    void smearing_spreads_a_gradient_evenly_around_and_keeps_its_sum() {
        try (var _ = Scope.open()) {
            float[] spot = new float[2 * 3 * 81];
            spot[40] = 2;
            float[] smeared = Tensors.toFloats(new Smear(3).of(Tensors.of(spot, 2, 3, 9, 9)));
            double sum = 0;
            for (float value : smeared) {
                sum += value;
            }
            assertThat(sum).isCloseTo(2, within(1e-6));
            assertThat(smeared[39]).isPositive().isEqualTo(smeared[41]).isEqualTo(smeared[31]);
            assertThat(smeared[30]).isEqualTo(smeared[50]).isLessThan(smeared[39]);
            assertThat(smeared[38]).isZero();
            assertThat(Tensors.toFloats(new Smear(1).of(Tensors.of(spot, 2, 3, 9, 9))))
                    .isEqualTo(spot);
        }
    }

    @Test
    void settings_that_mean_nothing_are_refused() {
        assertThatThrownBy(() -> new MomentumFgsm.Settings(0.2, 10, 1, false, 0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kernel odd");
        assertThatThrownBy(() -> new MomentumFgsm.Settings(0.2, 0, 1, false, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps at least 1");
        assertThatThrownBy(() -> new Estimated.Settings(1, 1, 0, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("radius");
    }
}
