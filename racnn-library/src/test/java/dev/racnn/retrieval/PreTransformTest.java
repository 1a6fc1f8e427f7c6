package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PreTransformTest {
    private static final int DIMENSION = 90;

    /** Axis t has standard deviation 0.9^t, so the variance of the first c axes is known. */
    private static final ArrayKeys KEYS = ArrayKeys.numbered(falling(6000, 1), DIMENSION);

    @Test
    void principal_components_keep_nearly_the_variance_of_the_widest_axes() {
        try (Workers workers = new Workers(2)) {
            for (int components : new int[] {5, 20, 40}) {
                double[] kept = principal(components, workers).kept(KeySource.of(KEYS), workers);
                double widest = 1 - Math.pow(0.81, components);
                assertThat(kept).hasSize(components).isSorted();
                assertThat(kept[components - 1]).as("%d components", components).isCloseTo(widest, within(0.04));
            }
        }
    }

    @Test
    void the_first_components_keep_what_was_said_of_them() {
        try (Workers workers = new Workers(2)) {
            PreTransform projection = principal(20, workers);
            double[] kept = projection.kept(KeySource.of(KEYS), workers);
            double[] alone = projection.first(7).kept(KeySource.of(KEYS), workers);
            assertThat(alone).hasSize(7);
            assertThat(alone[6]).isCloseTo(kept[6], within(1e-6));
        }
    }

    @Test
    void distances_between_principal_components_are_never_above_those_between_keys() {
        float[] keys = falling(200, 2);
        try (Workers workers = new Workers(1)) {
            PreTransform projection = principal(30, workers);
            float[] images = projection.apply(keys, 200, workers);
            for (int i = 0; i < 200; i++) {
                for (int j = 0; j < i; j++) {
                    double distance =
                            Math.sqrt(SquaredDistance.between(keys, i * DIMENSION, keys, j * DIMENSION, DIMENSION));
                    double projected = Math.sqrt(SquaredDistance.between(images, i * 30, images, j * 30, 30));
                    double error = projection.error(projection.distanceFromMean(keys, i * DIMENSION))
                            + projection.error(projection.distanceFromMean(keys, j * DIMENSION));
                    assertThat(projected).isLessThanOrEqualTo(distance + error);
                    assertThat(error).as("rounding is a small thing").isLessThan(1e-3 * distance);
                }
            }
        }
    }

    @Test
    void keys_of_fewer_dimensions_than_components_keep_their_distances() {
        float[] keys = new float[100 * DIMENSION];
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            float along = (float) random.nextGaussian();
            for (int t = 0; t < DIMENSION; t++) {
                keys[i * DIMENSION + t] = 7 + along * (t % 5);
            }
        }
        try (Workers workers = new Workers(1)) {
            ArrayKeys line = ArrayKeys.numbered(keys, DIMENSION);
            PreTransform projection = PreTransform.principal(KeySource.of(line), 12, 1, workers);
            float[] images = projection.apply(keys, 100, workers);
            for (int i = 1; i < 100; i++) {
                float distance = SquaredDistance.between(keys, 0, keys, i * DIMENSION, DIMENSION);
                assertThat(SquaredDistance.between(images, 0, images, i * 12, 12))
                        .isCloseTo(distance, within(1e-3f * distance));
            }
        }
    }

    private static PreTransform principal(int components, Workers workers) {
        return PreTransform.principal(KeySource.of(KEYS), components, 1, workers);
    }

    private static float[] falling(int count, long seed) {
        Random random = new Random(seed);
        float[] keys = new float[count * DIMENSION];
        for (int i = 0; i < keys.length; i++) {
            int axis = i % DIMENSION;
            keys[i] = (float) (axis + Math.pow(0.9, axis) * random.nextGaussian());
        }
        return keys;
    }
}
