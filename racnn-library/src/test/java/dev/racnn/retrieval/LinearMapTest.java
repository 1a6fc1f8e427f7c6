package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearMapTest {
    @ParameterizedTest(name = "[{1}, {0}] times {2} vectors")
    @CsvSource({"3, 2, 1", "17, 70, 6", "40, 130, 90"})
    void is_the_matrix_product(int inputs, int outputs, int count) {
        float[] rows = random(inputs * outputs, 1);
        float[] vectors = random(inputs * count, 2);
        try (Workers workers = new Workers(2)) {
            float[] images = new LinearMap(inputs, outputs, rows).apply(vectors, count, workers);
            assertThat(images).hasSize(count * outputs);
            for (int i = 0; i < images.length; i++) {
                double sum = 0;
                for (int t = 0; t < inputs; t++) {
                    sum += (double) rows[i % outputs * inputs + t] * vectors[i / outputs * inputs + t];
                }
                assertThat((double) images[i]).isCloseTo(sum, within(1e-4));
            }
        }
    }

    @Test
    void a_vector_has_the_same_image_alone_and_in_a_batch() {
        LinearMap map = LinearMap.gaussian(300, 100, 3);
        float[] vectors = random(300 * 13, 4);
        try (Workers workers = new Workers(1)) {
            float[] images = map.apply(vectors, 13, workers);
            for (int i = 0; i < 13; i++) {
                float[] alone = map.apply(Arrays.copyOfRange(vectors, i * 300, (i + 1) * 300), 1, workers);
                assertThat(alone).containsExactly(Arrays.copyOfRange(images, i * 100, (i + 1) * 100));
            }
        }
    }

    @Test
    void a_random_projection_keeps_squared_norms_on_average() {
        float[] vectors = random(200 * 400, 5);
        try (Workers workers = new Workers(1)) {
            float[] images = LinearMap.gaussian(200, 50, 6).apply(vectors, 400, workers);
            // 400 ratios, each with standard deviation sqrt(2 / 50) = 0.2 given its vector.
            assertThat(squaredNorm(images) / squaredNorm(vectors)).isCloseTo(1, within(0.1));
        }
    }

    private static double squaredNorm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
