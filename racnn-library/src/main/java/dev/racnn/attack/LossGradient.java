package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Losses and their gradients at a batch of points, detached from any graph.
 *
 * @param losses float32 [n]
 * @param gradient float32 [n, 3, H, W], row i the derivative of loss i with respect to point i
 */
public record LossGradient(Tensor losses, Tensor gradient) {
    /** Part of a loss that a gradient has to account for, a little above what float32 resolves. */
    private static final double NEGLIGIBLE = 1e-6;

    /** The mean of several at the same points. */
    public static LossGradient mean(List<LossGradient> all) {
        if (all.size() == 1) {
            return all.getFirst();
        }
        Tensor losses = all.getFirst().losses.clone();
        Tensor gradient = all.getFirst().gradient.clone();
        for (LossGradient more : all.subList(1, all.size())) {
            losses.add_(more.losses);
            gradient.add_(more.gradient);
        }
        Scalar count = new Scalar((double) all.size());
        return new LossGradient(losses.div_(count), gradient.div_(count));
    }

    /**
     * Which gradients say nothing: zero in every pixel, not finite in one, or so small that following them over the whole
     * range of all pixels would change the loss by less than a millionth of it. The last are what a leak or rounding leaves
     * of a gradient; relative to the loss, so that a saturated but honest cross-entropy is none of them.
     *
     * @param sizes see {@link #sizes}
     * @param range of the pixels
     * @return for each point
     */
    boolean[] dead(float[] sizes, double range) {
        float[] values = Tensors.toFloats(losses);
        boolean[] dead = new boolean[sizes.length];
        for (int i = 0; i < dead.length; i++) {
            dead[i] = !(sizes[i] * range > NEGLIGIBLE * Math.abs(values[i])) || !Float.isFinite(sizes[i]);
        }
        return dead;
    }

    /**
     * The same with zeros for gradients that are not finite, since a step along those leads to no point, and with losses below all
     * others where they are no numbers.
     *
     * @param sizes see {@link #sizes}
     */
    LossGradient finite(float[] sizes) {
        int[] broken = IntStream.range(0, sizes.length)
                .filter(i -> !Float.isFinite(sizes[i]))
                .toArray();
        Tensor numbers = losses.masked_fill(torch.isnan(losses), new Scalar(Double.NEGATIVE_INFINITY));
        return new LossGradient(
                numbers, broken.length == 0 ? gradient : gradient.index_fill(0, Tensors.of(broken), new Scalar(0.0)));
    }

    /** The sum of the absolute values of each gradient, NaN or infinite if one of them is. */
    float[] sizes() {
        try (var _ = Scope.open()) {
            return Tensors.toFloats(gradient.flatten(1, -1).norm(new ScalarOptional(new Scalar(1.0)), 1));
        }
    }
}
