package dev.racnn.attack;

import dev.racnn.model.Bounds;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Pixels within limits as unbounded variables, of which they are hyperbolic tangents (Carlini and Wagner, 2017): whoever changes the
 * variables never leaves the limits.
 *
 * @param low smallest value of each pixel, broadcast to the points
 * @param high largest, above the smallest
 */
public record FreeSpace(Tensor low, Tensor high) {
    /** How far below the limits points are squeezed, so that their inverse hyperbolic tangents are finite. */
    private static final double SQUEEZE = 0.999999;

    /** Keeps a division by the width of nothing finite. */
    private static final double TINY = 1e-12;

    /** That of all pixels within the bounds. */
    public static FreeSpace within(Bounds bounds) {
        return new FreeSpace(
                Tensors.full(ScalarType.Float, bounds.min(), 1), Tensors.full(ScalarType.Float, bounds.max(), 1));
    }

    /** Points as variables; where a space is narrow, roundings would carry points at its edge beyond it. */
    public Tensor variables(Tensor points) {
        return points.sub(centre())
                .div(half().clamp_min(new Scalar(TINY)))
                .clamp(new ScalarOptional(new Scalar(-1.0)), new ScalarOptional(new Scalar(1.0)))
                .mul(new Scalar(SQUEEZE))
                .atanh();
    }

    /** What variables stand for. */
    public Tensor points(Tensor variables) {
        return variables.tanh().mul(half()).add(centre());
    }

    /** The derivative of the pixels with respect to the variables. */
    public Tensor slope(Tensor variables) {
        return variables.tanh().square().neg().add(new Scalar(1.0)).mul(half());
    }

    private Tensor centre() {
        return low.add(high).mul(new Scalar(0.5));
    }

    private Tensor half() {
        return high.sub(low).mul(new Scalar(0.5));
    }
}
