package dev.racnn.attack;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Losses and their gradients at a batch of points, detached from any graph.
 *
 * @param logits float32 [n, classes] of the classifier that the gradient was taken through
 * @param losses float32 [n]
 * @param gradient float32 [n, 3, H, W], row i the derivative of loss i with respect to point i
 */
public record LossGradient(Tensor logits, Tensor losses, Tensor gradient) {
    /** Part of a loss that a gradient has to account for, a little above what float32 resolves. */
    private static final double NEGLIGIBLE = 1e-6;

    /**
     * Which gradients say nothing: zero in every pixel, or so small that following them over the whole range of all pixels
     * would change the loss by less than a millionth of it. The latter are what a leak or rounding leaves of a gradient;
     * relative to the loss, so that a saturated but honest cross-entropy is none of them.
     *
     * @param range of the pixels
     * @return bool [n]
     */
    public Tensor dead(double range) {
        Tensor reach = gradient.flatten(1, -1).abs().sum(1).mul(new Scalar(range));
        return reach.le(losses.abs().mul(new Scalar(NEGLIGIBLE)));
    }
}
