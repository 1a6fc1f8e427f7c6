package dev.racnn.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The closed interval that pixel values live in.
 *
 * @param min smallest value
 * @param max largest value, above {@code min}
 */
public record Bounds(double min, double max) {
    /** Pixels from 0 to 1. */
    public static final Bounds UNIT = new Bounds(0, 1);

    public Bounds {
        if (!(min < max) || Double.isInfinite(max - min)) {
            throw new IllegalArgumentException(
                    "bounds need finite min < max, but min is %s and max is %s".formatted(min, max));
        }
    }

    /** Width of the interval. */
    public double range() {
        return max - min;
    }

    /** Pixels of this interval, of the same pictures as pixels from 0 to 1. */
    public Tensor spread(Tensor unit) {
        return equals(UNIT) ? unit : unit.mul(new Scalar(range())).add(new Scalar(min));
    }

    /** The nearest value within, as a pixel. */
    public float clip(double value) {
        return (float) Math.clamp(value, min, max);
    }

    /** The nearest of the 256 values, from 0 to 255, that a picture with 8 bits a channel knows. */
    public int level(float pixel) {
        return Math.clamp(Math.round(255 * (pixel - min) / range()), 0, 255);
    }

    /** The pixel value that a level of a picture, from 0 to 255, stands for. */
    public float ofLevel(int level) {
        return (float) (min + level / 255.0 * range());
    }
}
