package dev.racnn.model;

import org.bytedeco.pytorch.Tensor;

/** phi or phi' with weights that stay as they are: a function from images to features. */
public interface FeatureExtractor {
    /**
     * Features of images.
     *
     * @param images float32 [B, 3, H, W] with values in [0, 1]
     * @return float32 [B, d], connected to {@code images} in the autograd graph
     */
    Tensor features(Tensor images);
}
