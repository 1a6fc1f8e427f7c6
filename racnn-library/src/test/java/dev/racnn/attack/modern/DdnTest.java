package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Outcome;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DdnTest {
    @Test
    void from_a_point_without_gradient_it_goes_somewhere() throws IOException {
        // The logits are flat where the mean pixel is within 0.01 of one half, and class 1 begins 0.11 from it.
        FunctionClassifier plateau = FunctionClassifier.of(3, images -> {
            Tensor beyond = images.flatten(1, -1)
                    .mean(1)
                    .sub(new Scalar(0.5))
                    .abs()
                    .sub(new Scalar(0.01))
                    .relu()
                    .sub(new Scalar(0.1))
                    .unsqueeze(1);
            return beyond.mul(Tensors.of(new float[] {-1, 1, 0}, 1, 3)).add(Tensors.of(new float[] {0, 0, -9}, 1, 3));
        });
        AttackRunner runner = new AttackRunner(plateau);
        Ddn ddn = new Ddn(Ddn.Settings.MODERN);
        Outcome outcome = runner.run(ddn, LinearModel.grey(0.5)).outcomes().getFirst();
        assertThat(outcome.zeroGradients()).isPositive();
        assertThat(outcome.success()).isTrue();
        // The nearest point is 0.11 away in each of twelve pixel values.
        assertThat(outcome.l2()).isBetween(0.11 * Math.sqrt(12) - 1e-4, 0.13 * Math.sqrt(12));
        assertThat(runner.run(ddn, LinearModel.grey(0.5)).outcomes().getFirst().l2())
                .isEqualTo(outcome.l2());
    }
}
