package dev.racnn.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * A share that was counted, such as an accuracy.
 *
 * @param count how many of them
 * @param n out of how many, at least 1
 */
public record Proportion(int count, int n) {
    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    public Proportion {
        if (n < 1 || count < 0 || count > n) {
            throw new IllegalArgumentException(
                    "a proportion needs 0 <= count <= n and n >= 1, but is %s of %s".formatted(count, n));
        }
    }

    /** The share itself, in [0, 1]. */
    @JsonIgnore
    public double value() {
        return (double) count / n;
    }

    /** Lower end of the 95 % interval of Wilson (1927), in [0, 1]. */
    @JsonIgnore
    public double lower() {
        return count == 0 ? 0 : Math.max(0, centre() - halfWidth());
    }

    /** Upper end of the 95 % interval of Wilson (1927), in [0, 1]. */
    @JsonIgnore
    public double upper() {
        return count == n ? 1 : Math.min(1, centre() + halfWidth());
    }

    private double centre() {
        return (value() + Z * Z / (2 * n)) / (1 + Z * Z / n);
    }

    private double halfWidth() {
        double p = value();
        return Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n)) / (1 + Z * Z / n);
    }
}
