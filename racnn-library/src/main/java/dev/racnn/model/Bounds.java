package dev.racnn.model;

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
}
