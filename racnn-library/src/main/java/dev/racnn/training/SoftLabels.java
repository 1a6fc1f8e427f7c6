package dev.racnn.training;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
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
        return correct(logits, labels, 1);
    }

    /**
     * How many rows of the logits have the label among the largest; one that holds what is no number has not.
     *
     * @param among how many count as the largest; of equal logits, those of smaller labels come first
     */
    static int correct(Tensor logits, Tensor labels, int among) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor own = logits.gather(1, labels.unsqueeze(1));
            int[] places = IntStream.range(0, (int) logits.size(1)).toArray();
            Tensor before = Tensors.of(places).unsqueeze(0).lt(labels.unsqueeze(1));
            Tensor ahead = logits.gt(own).logical_or(logits.eq(own).logical_and(before));
            Tensor right = ahead.sum(1).lt(new Scalar(among));
            return (int)
                    Tensors.toLongs(
                            right.logical_and(logits.isnan().any(1, false).logical_not())
                                    .sum())[0];
        }
    }
}
