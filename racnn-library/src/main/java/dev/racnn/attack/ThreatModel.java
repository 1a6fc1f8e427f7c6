package dev.racnn.attack;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What an attacker with a fixed budget may do: move an image by at most epsilon in a norm, within the bounds.
 *
 * @param norm how the perturbation is measured
 * @param epsilon radius in the units of the pixels, not negative; infinity allows everything
 */
public record ThreatModel(Norm norm, double epsilon) {
    /** Relative slack that float32 projections need. */
    private static final double ROUNDING = 1e-4;

    private static final double SLACK = 1e-6;

    public ThreatModel {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be at least 0, but is " + epsilon);
        }
    }

    /**
     * The radius that a text states: a number, or a fraction as papers state it, such as {@code 8/255}.
     *
     * @throws IllegalArgumentException if it states none
     */
    public static double radius(String text) {
        String[] parts = text.split("/", 2);
        try {
            double radius = Double.parseDouble(parts[0]) / (parts.length == 1 ? 1 : Double.parseDouble(parts[1]));
            if (radius >= 0 && Double.isFinite(radius)) {
                return radius;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(misstated(text), e);
        }
        throw new IllegalArgumentException(misstated(text));
    }

    private static String misstated(String text) {
        return "must be a finite number of at least 0 or a fraction such as 8/255, but is '" + text + "'";
    }

    /** Whether a perturbation of this length is allowed, up to the rounding of float32 projections. */
    public boolean allows(double length) {
        return length <= epsilon * (1 + ROUNDING) + SLACK;
    }

    /**
     * Points with those that lie outside of the ball or the bounds brought back; the others stay as they are.
     *
     * @param originals float32 [n, 3, H, W], the centres
     * @param points float32 [n, 3, H, W]
     */
    public Tensor within(AttackBatch batch, Tensor originals, Tensor points) {
        Tensor lengths = norm.lengths(points.sub(originals));
        Tensor inside = lengths.le(new Scalar(epsilon * (1 + ROUNDING) + SLACK));
        Tensor inBall = torch.where(Norm.perRow(inside, points), points, norm.project(originals, points, epsilon));
        return batch.clip(inBall);
    }

    @Override
    public String toString() {
        return norm + " <= " + epsilon;
    }
}
