package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments and the marginal law of the uniform distribution on the simplex, Dirichlet(1, .., 1). */
class UniformSimplexTest {
    private static final int DRAWS = 200_000;
    /** 1.95 / sqrt(n) bounds the Kolmogorov-Smirnov distance of n draws with probability 0.999. */
    private static final double KS_LIMIT = 1.95 / Math.sqrt(DRAWS);

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10})
    void draws_have_the_moments_of_the_uniform_simplex(int k) {
        float[] draws = new UniformSimplex(new SplittableRandom(1)).draw(DRAWS, k);
        double mean = 0;
        double square = 0;
        double max = 0;
        for (int i = 0; i < DRAWS; i++) {
            double sum = 0;
            float largest = 0;
            for (int j = 0; j < k; j++) {
                float alpha = draws[i * k + j];
                assertThat(alpha).isNotNegative();
                sum += alpha;
                largest = Math.max(largest, alpha);
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
            mean += draws[i * k];
            square += (double) draws[i * k] * draws[i * k];
            max += largest;
        }
        mean /= DRAWS;
        double variance = square / DRAWS - mean * mean;
        double harmonic = 0;
        for (int j = 1; j <= k; j++) {
            harmonic += 1.0 / j;
        }
        assertThat(mean).isCloseTo(1.0 / k, within(0.002));
        assertThat(variance).isCloseTo((k - 1.0) / (k * k * (k + 1.0)), within(0.001));
        assertThat(max / DRAWS).isCloseTo(harmonic / k, within(0.002));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10})
    void every_coefficient_follows_beta_1_k_minus_1(int k) {
        float[] draws = new UniformSimplex(new SplittableRandom(2)).draw(DRAWS, k);
        for (int j = 0; j < k; j++) {
            assertThat(distanceFromBeta(column(draws, k, j), k))
                    .as("coefficient %d", j)
                    .isLessThan(KS_LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10})
    void normalised_uniforms_would_fail_this_test(int k) {
        SplittableRandom random = new SplittableRandom(3);
        double[] first = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            double[] uniforms = random.doubles(k).toArray();
            first[i] = uniforms[0] / Arrays.stream(uniforms).sum();
        }
        assertThat(distanceFromBeta(first, k)).isGreaterThan(10 * KS_LIMIT);
    }

    private static double[] column(float[] draws, int k, int j) {
        double[] column = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            column[i] = draws[i * k + j];
        }
        return column;
    }

    /** Kolmogorov-Smirnov distance from the law P(alpha <= a) = 1 - (1 - a)^(k - 1). */
    private static double distanceFromBeta(double[] sample, int k) {
        Arrays.sort(sample);
        double distance = 0;
        for (int i = 0; i < sample.length; i++) {
            double expected = 1 - Math.pow(1 - sample[i], k - 1);
            distance = Math.max(distance, Math.abs(expected - (double) i / sample.length));
            distance = Math.max(distance, Math.abs(expected - (i + 1.0) / sample.length));
        }
        return distance;
    }
}
