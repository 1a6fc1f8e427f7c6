package dev.racnn.attack;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a gradient path answers about a batch of points.
 *
 * @param each one for each loss, in their order
 * @param logits {@link Signal#LOGITS} at the points, detached, float32 [n, classes]; null if no loss asked for them
 */
public record Gradients(List<LossGradient> each, @Nullable Tensor logits) {
    public Gradients {
        each = List.copyOf(each);
    }
}
