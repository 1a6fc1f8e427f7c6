package dev.racnn.attack;

import dev.racnn.model.Classifier;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * How an attacker obtains gradients. Decisions are always those of the attacked classifier; gradients may come from
 * it by automatic differentiation, from a surrogate, or from a construction that knows the defence.
 */
public interface GradientPath {
    /** What the gradients go through, for reports. */
    String name();

    /**
     * Gradients of one loss.
     *
     * @param points float32 [n, 3, H, W] within the bounds
     * @param labels int64 [n]
     */
    default LossGradient gradient(Tensor points, Tensor labels, Loss loss) {
        return gradients(points, List.of(labels), loss).getFirst();
    }

    /**
     * Gradients of the same loss for several labels at the same points, which shares the forward pass.
     *
     * @param points float32 [n, 3, H, W] within the bounds
     * @param labels at least one int64 [n]
     * @return one result for each element of {@code labels}, in their order
     */
    List<LossGradient> gradients(Tensor points, List<Tensor> labels, Loss loss);

    /** Whether the logits returned are exactly those that this classifier gives, so that it need not be asked again. */
    default boolean answersFor(Classifier target) {
        return false;
    }

    /**
     * Automatic differentiation through a classifier: the attacked one, or a surrogate.
     *
     * @throws IllegalArgumentException if the classifier has no gradients
     */
    static GradientPath through(Classifier classifier, String name) {
        return new AutogradPath(classifier, name);
    }
}
