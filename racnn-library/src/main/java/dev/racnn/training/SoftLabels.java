package dev.racnn.training;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Labels as probability vectors, which mixtures of examples need. */
final class SoftLabels {
    private SoftLabels() {}

    /** Labels [..] as float32 one-hot vectors [.., classes]. */
    static Tensor oneHot(Tensor labels, int classes) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.one_hot(labels, classes).to(ScalarType.Float));
        }
    }

    /** Mean over the batch of -sum_c target_c log softmax(logits)_c. */
    static Tensor crossEntropy(Tensor logits, Tensor targets) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.cross_entropy_loss(logits, targets));
        }
    }

    /** How many rows of the logits are largest at the label; one that holds what is no number is not. */
    static int correct(Tensor logits, Tensor labels) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor right = logits.argmax(new LongOptional(1), false).eq(labels);
            return (int)
                    Tensors.toLongs(
                            right.logical_and(logits.isnan().any(1, false).logical_not())
                                    .sum())[0];
        }
    }
}
