package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class NearestHullPointTest {
    private static final int DIMENSION = 3;

    @Test
    void a_point_beyond_a_corner_an_edge_and_a_face_is_moved_onto_it() {
        // The triangle (0,0,0), (2,0,0), (0,2,0): worked out by hand.
        float[] triangle = {0, 0, 0, 2, 0, 0, 0, 2, 0};
        assertThat(weights(new float[] {-1, -1, 5}, triangle)).containsExactly(new float[] {1, 0, 0}, within(1e-6f));
        assertThat(weights(new float[] {1, -3, 1}, triangle)).containsExactly(new float[] {.5f, .5f, 0}, within(1e-6f));
        assertThat(weights(new float[] {.5f, 1, -7}, triangle))
                .containsExactly(new float[] {.25f, .25f, .5f}, within(1e-6f));
    }

    @Test
    void no_point_of_the_hull_is_nearer() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 20; run++) {
            float[] query = random(random, DIMENSION);
            float[] neighbours = random(random, 6 * DIMENSION);
            float[] weights = weights(query, neighbours);
            float sum = 0;
            for (float weight : weights) {
                assertThat(weight).isGreaterThanOrEqualTo(-1e-6f);
                sum += weight;
            }
            assertThat(sum).isCloseTo(1, within(1e-5f));
            double found = distance(weights, query, neighbours);
            for (int other = 0; other < 500; other++) {
                float[] any = new float[6];
                float total = 0;
                for (int k = 0; k < 6; k++) {
                    // A third of them none, so that corners, edges and faces are tried too.
                    any[k] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble();
                    total += any[k];
                }
                for (int k = 0; k < 6 && total > 0; k++) {
                    any[k] /= total;
                }
                if (total > 0) {
                    assertThat(distance(any, query, neighbours)).isGreaterThanOrEqualTo(found - 1e-5);
                }
            }
        }
    }

    @Test
    void gradients_reach_the_query_as_finite_differences_say() {
        float[] query = {.5f, 1, -7};
        float[] triangle = {0, 0, 0, 2, 0, 0, 0, 2, 0};
        float step = 1e-2f;
        try (var _ = Scope.open()) {
            Tensor point = Tensors.of(query, 1, DIMENSION).requires_grad_(true);
            Tensor weights = new NearestHullPoint().weights(point, Tensors.of(triangle, 1, 3, DIMENSION));
            weights.select(1, 1).sum().backward();
            float[] gradient = Tensors.toFloats(point.grad());
            for (int i = 0; i < DIMENSION; i++) {
                float[] more = query.clone();
                more[i] += step;
                float difference = (weights(more, triangle)[1] - weights(query, triangle)[1]) / step;
                assertThat(gradient[i]).isCloseTo(difference, within(1e-3f));
            }
        }
    }

    private static float[] weights(float[] query, float[] neighbours) {
        try (var _ = Scope.open()) {
            return Tensors.toFloats(new NearestHullPoint()
                    .weights(
                            Tensors.of(query, 1, DIMENSION),
                            Tensors.of(neighbours, 1, neighbours.length / DIMENSION, DIMENSION)));
        }
    }

    private static double distance(float[] weights, float[] query, float[] neighbours) {
        double square = 0;
        for (int i = 0; i < DIMENSION; i++) {
            double away = -query[i];
            for (int k = 0; k < weights.length; k++) {
                away += weights[k] * neighbours[k * DIMENSION + i];
            }
            square += away * away;
        }
        return Math.sqrt(square);
    }

    private static float[] random(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
