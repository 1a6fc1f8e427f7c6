package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvexHullProjectionTest {
    private static final SplittableRandom RANDOM = new SplittableRandom(5);

    @Test
    void weights_follow_the_formula() {
        try (var _ = Scope.open();
                var _ = new NoGradGuard();
                var projection = ConvexHullProjection.untrained(Attention.DOT, 2)) {
            projection.u().parameters().values().copy_(Tensors.of(new float[] {1, 2, 0, -1}, 4));
            // U phi(x) = [1 2; 0 -1] (1, 1) = (3, -1); scores (3, -1) / sqrt 2.
            Tensor query = Tensors.of(new float[] {1, 1}, 1, 2);
            Tensor neighbours = Tensors.of(new float[] {1, 0, 0, 1}, 1, 2, 2);
            float[] weights = Tensors.toFloats(projection.weights(query, neighbours));
            double first = 1 / (1 + Math.exp(-4 / Math.sqrt(2)));
            assertThat(weights[0]).isCloseTo((float) first, within(1e-6f));
            assertThat(weights[1]).isCloseTo((float) (1 - first), within(1e-6f));
            float[] projected =
                    Tensors.toFloats(ConvexHullProjection.convexSum(projection.weights(query, neighbours), neighbours));
            assertThat(projected).containsExactly(weights);
        }
    }

    @ParameterizedTest
    @EnumSource
    void projection_stays_inside_the_hull(Attention attention) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard();
                var projection = ConvexHullProjection.untrained(attention, 6)) {
            projection.u().parameters().values().copy_(random(36).to(ScalarType.Float));
            Tensor query = random(40, 6).to(ScalarType.Float);
            Tensor neighbours = random(40, 7, 6).to(ScalarType.Float);
            Tensor weights = projection.weights(query, neighbours);
            float[] alpha = Tensors.toFloats(weights);
            float[] p = Tensors.toFloats(ConvexHullProjection.convexSum(weights, neighbours));
            float[] corners = Tensors.toFloats(neighbours);
            SplittableRandom directions = new SplittableRandom(1);
            for (int i = 0; i < 40; i++) {
                double sum = 0;
                for (int k = 0; k < 7; k++) {
                    assertThat(alpha[i * 7 + k]).isNotNegative();
                    sum += alpha[i * 7 + k];
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
                // A point is in a convex hull exactly if no direction separates it from all corners.
                for (int trial = 0; trial < 50; trial++) {
                    double[] direction = directions.doubles(6, -1, 1).toArray();
                    double furthest = Double.NEGATIVE_INFINITY;
                    for (int k = 0; k < 7; k++) {
                        furthest = Math.max(furthest, along(direction, corners, (i * 7 + k) * 6));
                    }
                    assertThat(along(direction, p, i * 6)).isLessThanOrEqualTo(furthest + 1e-5);
                }
            }
        }
    }

    @Test
    void untrained_dot_attention_and_uniform_attention_weigh_all_neighbours_alike() {
        try (var _ = Scope.open();
                var dot = ConvexHullProjection.untrained(Attention.DOT, 3);
                var uniform = ConvexHullProjection.untrained(Attention.UNIFORM, 3)) {
            Tensor query = random(2, 3).to(ScalarType.Float);
            Tensor neighbours = random(2, 4, 3).to(ScalarType.Float);
            assertThat(Tensors.toFloats(dot.weights(query, neighbours))).containsOnly(0.25f);
            assertThat(Tensors.toFloats(uniform.weights(query, neighbours))).containsOnly(0.25f);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOT", "COSINE"})
    void gradients_of_query_neighbours_and_u_agree_with_finite_differences(Attention attention) {
        Network u = Network.random(List.of(new Layer.FullyConnected("u", 4, 4, false)), 8, ScalarType.Double);
        try (var _ = Scope.open();
                var projection = ConvexHullProjection.of(attention, u)) {
            Tensor query = random(3, 4).set_requires_grad(true);
            Tensor neighbours = random(3, 5, 4).set_requires_grad(true);
            objective(projection, query, neighbours).backward();
            check(projection, query, query, neighbours, query.grad());
            check(projection, neighbours, query, neighbours, neighbours.grad());
            check(
                    projection,
                    u.parameters().values(),
                    query,
                    neighbours,
                    u.parameters().gradients());
        }
    }

    @Test
    void features_of_another_extractor_are_refused_with_both_shapes() {
        try (var _ = Scope.open();
                var projection = ConvexHullProjection.untrained(Attention.DOT, 4)) {
            assertThatThrownBy(() -> projection.weights(random(2, 4), random(2, 3, 5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 3, 5]")
                    .hasMessageContaining("[2, 4]")
                    .hasMessageContaining("another feature extractor");
        }
    }

    private static void check(
            ConvexHullProjection projection, Tensor moved, Tensor query, Tensor neighbours, Tensor gradient) {
        double[] start = Tensors.toDoubles(moved);
        double[] expected = Tensors.toDoubles(gradient);
        double h = 1e-6;
        for (int i = 0; i < start.length; i++) {
            double[] values = new double[2];
            for (int side = 0; side < 2; side++) {
                try (var _ = Scope.open();
                        var _ = new NoGradGuard()) {
                    double[] numbers = start.clone();
                    numbers[i] += side == 0 ? h : -h;
                    moved.copy_(Tensors.of(numbers, Tensors.shape(moved)));
                    values[side] = objective(projection, query, neighbours).item_double();
                    moved.copy_(Tensors.of(start, Tensors.shape(moved)));
                }
            }
            assertThat(expected[i]).isCloseTo((values[0] - values[1]) / (2 * h), within(1e-7));
        }
    }

    private static Tensor objective(ConvexHullProjection projection, Tensor query, Tensor neighbours) {
        Tensor projected = ConvexHullProjection.convexSum(projection.weights(query, neighbours), neighbours);
        return projected.pow(new Scalar(3.0)).sum();
    }

    private static double along(double[] direction, float[] points, int offset) {
        double sum = 0;
        for (int j = 0; j < direction.length; j++) {
            sum += direction[j] * points[offset + j];
        }
        return sum;
    }

    private static Tensor random(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensors.of(RANDOM.doubles(count, -1, 1).toArray(), shape);
    }
}
