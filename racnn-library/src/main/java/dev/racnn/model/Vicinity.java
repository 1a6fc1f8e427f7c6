package dev.racnn.model;

import org.bytedeco.pytorch.Tensor;

/** What a classifier answers around some images: at the points that an attack tries, each of which belongs to one of them. */
@FunctionalInterface
public interface Vicinity {
    /**
     * Unnormalised log-probabilities, as {@link Classifier#logits}.
     *
     * @param points float32 [n, 3, H, W]
     * @param rows the image that each point belongs to, counted from 0; may repeat
     * @return float32 [n, classes]
     */
    Tensor logits(Tensor points, int... rows);
}
