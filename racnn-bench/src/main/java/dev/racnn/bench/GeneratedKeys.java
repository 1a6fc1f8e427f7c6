package dev.racnn.bench;

import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Made-up keys with the structure of learnt ones: a mixture of Gaussians, each spread over a random subspace of its own
 * of low dimension, with a little noise in all directions. Queries are drawn from the same mixture.
 */
public final class GeneratedKeys {
    private static final double NOISE = 0.05;

    /** What an array can hold. */
    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

    private final int dimension;
    private final int intrinsic;
    private final float[] centres;
    private final float[] bases;

    /**
     * @param dimension components of a key, at least 1
     * @param clusters Gaussians in the mixture, at least 1
     * @param intrinsic dimension of each Gaussian's subspace, from 1
     * @throws IllegalArgumentException also if all subspaces together are more numbers than an array holds
     */
    public GeneratedKeys(int dimension, int clusters, int intrinsic, long seed) {
        if (dimension < 1 || clusters < 1 || intrinsic < 1) {
            throw new IllegalArgumentException(
                    "generated keys need a dimension, clusters and an intrinsic dimension of at least 1, but were given %s, %s, %s"
                            .formatted(dimension, clusters, intrinsic));
        }
        requireArray("the subspaces of generated keys", (long) clusters * intrinsic, dimension);
        RandomGenerator random = random(seed);
        this.dimension = dimension;
        this.intrinsic = intrinsic;
        this.centres = gaussian(random, clusters * dimension, 1);
        this.bases = gaussian(random, clusters * intrinsic * dimension, 1 / Math.sqrt(intrinsic));
    }

    /**
     * Draws keys, row-major [count, dimension].
     *
     * @throws IllegalArgumentException if they are more numbers than an array holds
     */
    public float[] draw(int count, long seed) {
        requireArray("generated keys", count, dimension);
        RandomGenerator random = random(seed);
        int clusters = centres.length / dimension;
        float[] keys = new float[count * dimension];
        for (int row = 0; row < count; row++) {
            int cluster = random.nextInt(clusters);
            int at = row * dimension;
            for (int t = 0; t < dimension; t++) {
                keys[at + t] = centres[cluster * dimension + t] + (float) (NOISE * random.nextGaussian());
            }
            for (int axis = 0; axis < intrinsic; axis++) {
                float along = (float) random.nextGaussian();
                int basis = (cluster * intrinsic + axis) * dimension;
                for (int t = 0; t < dimension; t++) {
                    keys[at + t] += along * bases[basis + t];
                }
            }
        }
        return keys;
    }

    private static void requireArray(String what, long rows, int dimension) {
        if (rows * dimension > MOST_NUMBERS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s must be at most %,d numbers, but are %,d of dimension %,d; take fewer or smaller keys",
                    what,
                    MOST_NUMBERS,
                    rows,
                    dimension));
        }
    }

    private static float[] gaussian(RandomGenerator random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
