package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Outcome;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DeepFoolTest {
    @Test
    void under_top_2_it_crosses_one_pair_of_classes_after_the_other_along_their_own_normals() throws IOException {
        // The label has logit 0; class 1 is 0.1 behind and grows with the first pixel value, class 2 is 0.2 behind and
        // grows with
        // the second.
        FunctionClassifier model = FunctionClassifier.of(4, images -> {
            Tensor pixels = images.flatten(1, -1);
            float[] weights = new float[12 * 4];
            weights[1] = 1;
            weights[4 + 2] = 1;
            return pixels.matmul(Tensors.of(weights, 12, 4)).add(Tensors.of(new float[] {0, -0.6f, -0.7f, -9}, 1, 4));
        });
        Outcome outcome = new AttackRunner(model)
                .withCriterion(Criterion.topK(2))
                .run(new DeepFool(DeepFool.Settings.PAPER), LinearModel.grey(0.5))
                .outcomes()
                .getFirst();
        float[] point = Objects.requireNonNull(outcome.adversarial());
        // Each step is 5 % longer than the way to the boundary.
        assertThat(point[0]).isCloseTo(0.5f + 1.05f * 0.1f, within(1e-5f));
        assertThat(point[1]).isCloseTo(0.5f + 1.05f * 0.2f, within(1e-5f));
        assertThat(outcome.l2()).isCloseTo(1.05 * Math.hypot(0.1, 0.2), within(1e-5));
    }
}
