package dev.racnn.retrieval;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Keys in clusters, each spread over a few directions of its own, as those of learnt features are; row-major. */
final class ClusteredKeys {
    private final int dimension;
    private final float[][] centres;

    /** [clusters][directions][dimension] */
    private final float[][][] spreads;

    ClusteredKeys(int dimension, int clusters, int directions, long seed) {
        RandomGenerator random = random(seed);
        this.dimension = dimension;
        this.centres = new float[clusters][];
        this.spreads = new float[clusters][directions][];
        IntStream.range(0, clusters).forEach(cluster -> centres[cluster] = gaussian(random, 1));
        for (float[][] spread : spreads) {
            IntStream.range(0, directions).forEach(i -> spread[i] = gaussian(random, 1 / Math.sqrt(directions)));
        }
    }

    float[] draw(int count, long seed) {
        RandomGenerator random = random(seed);
        float[] keys = new float[count * dimension];
        for (int row = 0; row < count; row++) {
            int cluster = random.nextInt(centres.length);
            add(1, centres[cluster], keys, row);
            add(1, gaussian(random, 0.05), keys, row);
            for (float[] direction : spreads[cluster]) {
                add((float) random.nextGaussian(), direction, keys, row);
            }
        }
        return keys;
    }

    private void add(float factor, float[] vector, float[] keys, int row) {
        for (int t = 0; t < dimension; t++) {
            keys[row * dimension + t] += factor * vector[t];
        }
    }

    private float[] gaussian(RandomGenerator random, double deviation) {
        float[] values = new float[dimension];
        for (int t = 0; t < dimension; t++) {
            values[t] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
