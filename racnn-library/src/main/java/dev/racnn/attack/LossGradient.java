package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;

/**
 * Losses and their gradients at a batch of points, detached from any graph.
 *
 * @param logits float32 [n, classes] of the classifier that the gradient was taken through
 * @param losses float32 [n]
 * @param gradient float32 [n, 3, H, W], row i the derivative of loss i with respect to point i
 */
public record LossGradient(Tensor logits, Tensor losses, Tensor gradient) {}
