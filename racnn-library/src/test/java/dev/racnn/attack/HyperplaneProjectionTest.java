package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Bounds;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperplaneProjectionTest {
    @ParameterizedTest
    @CsvSource({"L1, 1", "L1, -1", "L2, 1", "L2, -1", "LINF, 1", "LINF, -1"})
    void the_move_reaches_the_plane_within_the_bounds_and_is_the_shortest(Norm norm, double sign) {
        Random random = new Random(5);
        HyperplaneProjection projection = new HyperplaneProjection(norm, Bounds.UNIT);
        for (int round = 0; round < 200; round++) {
            float[] point = new float[20];
            float[] normal = new float[20];
            double reachable = 0;
            for (int i = 0; i < point.length; i++) {
                point[i] = random.nextFloat();
                normal[i] = (float) random.nextGaussian();
                reachable += Math.abs(normal[i]) * (normal[i] > 0 == sign < 0 ? 1 - point[i] : point[i]);
            }
            double value = sign * reachable * random.nextDouble(0.05, 0.95);
            double[] move = projection.move(point, normal, value);
            double change = 0;
            double multiplier = 0;
            for (int i = 0; i < point.length; i++) {
                change += normal[i] * move[i];
                assertThat(point[i] + move[i]).isBetween(-1e-6, 1 + 1e-6);
                multiplier = Math.max(multiplier, ratio(norm, move[i], normal[i]));
            }
            assertThat(change).isCloseTo(-value, within(1e-5));
            if (norm == Norm.L1) {
                assertLargestWeightsFirst(normal, point, move, sign);
                continue;
            }
            // Optimality (Karush, Kuhn and Tucker): one multiplier for all pixels that are not held up by a bound.
            for (int i = 0; i < point.length; i++) {
                double end = point[i] + move[i];
                if (end > 1e-5 && end < 1 - 1e-5) {
                    assertThat(ratio(norm, move[i], normal[i])).isCloseTo(multiplier, within(1e-4));
                }
            }
        }
    }

    /** In L1 nothing moves while something with a larger weight could. */
    private static void assertLargestWeightsFirst(float[] normal, float[] point, double[] move, double sign) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < move.length; i++) {
            least = move[i] == 0 ? least : Math.min(least, Math.abs(normal[i]));
        }
        for (int i = 0; i < move.length; i++) {
            if (Math.abs(normal[i]) > least) {
                double bound = normal[i] > 0 == sign < 0 ? 1 : 0;
                assertThat(point[i] + move[i]).isCloseTo(bound, within(1e-6));
            }
        }
    }

    private static double ratio(Norm norm, double move, double weight) {
        return Math.abs(norm == Norm.L2 ? move / weight : move);
    }

    @ParameterizedTest
    @CsvSource({"L1", "L2", "LINF"})
    void an_unreachable_plane_is_approached_as_far_as_the_bounds_allow(Norm norm) {
        double[] move = new HyperplaneProjection(norm, Bounds.UNIT)
                .move(new float[] {0.25f, 0.5f, 0.75f}, new float[] {1, -2, 0}, -100);
        assertThat(move).containsExactly(0.75, -0.5, 0);
    }
}
