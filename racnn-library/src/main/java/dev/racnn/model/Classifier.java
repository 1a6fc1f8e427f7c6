package dev.racnn.model;

import dev.racnn.data.ImageSize;
import org.bytedeco.pytorch.Tensor;

/**
 * A function from images to logits, the thing that is attacked and evaluated.
 *
 * <p>A classifier is in evaluation mode, a deterministic function unless {@link #deterministic} says otherwise, and leaves the
 * images as they are. Native memory that a call allocates belongs to the {@link dev.racnn.tensor.Scope} of the caller.
 */
public interface Classifier extends AutoCloseable {
    /**
     * Unnormalised log-probabilities.
     *
     * @param images float32 [B, 3, H, W] with values within {@link #bounds()}
     * @return float32 [B, classes], connected to {@code images} in the autograd graph if {@link #differentiable()}
     */
    Tensor logits(Tensor images);

    /**
     * The classifier at work on points around some images. Most answer by the point alone; one that keeps something of the image
     * overrides this.
     *
     * @param images float32 [B, 3, H, W], of no use any more once this returns
     */
    default Vicinity around(Tensor images) {
        return (points, _) -> logits(points);
    }

    /** Number of classes, at least 2. */
    int classes();

    /** Smallest and largest value of a pixel; [0, 1] unless overridden. */
    default Bounds bounds() {
        return Bounds.UNIT;
    }

    /** Whether gradients of the logits with respect to the images can be had. */
    default boolean differentiable() {
        return true;
    }

    /**
     * Whether equal images get equal answers. A classifier that answers at random does not; its draws follow
     * {@link dev.racnn.tensor.Seed#use}.
     *
     * @param size of the images
     */
    default boolean deterministic(ImageSize size) {
        return true;
    }

    /** Frees the weights. */
    @Override
    default void close() {}
}
