package dev.racnn.racnn;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Convex coefficients drawn uniformly from the simplex by Kraemer's algorithm (Smith and Tromble, 2004, section 4.2) in
 * its continuous form: K - 1 sorted uniform numbers cut [0, 1] into K pieces, whose lengths are the coefficients.
 *
 * <p>Dividing K uniform numbers by their sum is not this distribution: it crowds the middle of the simplex.
 */
public final class UniformSimplex {
    private final RandomGenerator random;

    /** @param random where the draws come from; equal generators give equal coefficients */
    public UniformSimplex(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Draws points of the simplex.
     *
     * @param points how many
     * @param k coefficients per point, at least 1
     * @return row-major [points, k]: each row is non-negative and sums to 1 up to rounding
     */
    public float[] draw(int points, int k) {
        float[] coefficients = new float[points * k];
        double[] cuts = new double[k + 1];
        cuts[k] = 1;
        for (int point = 0; point < points; point++) {
            for (int i = 1; i < k; i++) {
                cuts[i] = random.nextDouble();
            }
            Arrays.sort(cuts, 1, k);
            for (int i = 0; i < k; i++) {
                coefficients[point * k + i] = (float) (cuts[i + 1] - cuts[i]);
            }
        }
        return coefficients;
    }
}
