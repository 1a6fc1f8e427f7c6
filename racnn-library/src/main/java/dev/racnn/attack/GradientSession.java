package dev.racnn.attack;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A gradient path at work on one batch, under one attack: what it remembers from step to step, such as candidates, guides or
 * temperatures, lives here.
 */
public interface GradientSession extends AutoCloseable {
    /** Hears where the attack stands, before the first gradients of every step. */
    default void at(Step step) {}

    /**
     * Gradients of losses at some points; they share what they need in common.
     *
     * @param points float32 [n, 3, H, W] within the bounds; not to be changed
     * @param rows the example of the batch that each point belongs to; may repeat
     * @param losses at least one
     */
    Gradients gradients(Tensor points, int[] rows, List<Loss> losses);

    /** Lets go of what it remembers. */
    @Override
    default void close() {}
}
