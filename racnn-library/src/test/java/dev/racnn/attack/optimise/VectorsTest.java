package dev.racnn.attack.optimise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jdk.incubator.vector.DoubleVector;
import org.junit.jupiter.api.Test;

class VectorsTest {
    private static final int LANES = DoubleVector.SPECIES_PREFERRED.length();

    private final double[] a = numbers(1);
    private final double[] b = numbers(2);

    private static double[] numbers(long seed) {
        return new Random(seed).doubles(20L * LANES, -1, 1).toArray();
    }

    /** Every lane for itself, then the lanes from first to last. */
    private double sumOfLanes(int accumulators) {
        double[] lanes = new double[accumulators * LANES];
        for (int i = 0; i < a.length; i++) {
            lanes[i % lanes.length] = Math.fma(a[i], b[i], lanes[i % lanes.length]);
        }
        double sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += accumulators == 1 ? lanes[lane] : lanes[lane] + lanes[LANES + lane];
        }
        return sum;
    }

    /** A rounding more or less leads a search for adversarial examples into another valley. */
    @Test
    void products_do_not_change_in_the_last_bit_when_the_code_is_compiled() {
        double[][] rows = {a, a, a, a};
        double[] products = new double[4];
        for (int call = 0; call < 20_000; call++) {
            assertThat(Vectors.dot(a, b)).isEqualTo(sumOfLanes(2));
            Vectors.dots(rows, 4, b, products);
            assertThat(products).containsOnly(sumOfLanes(1));
        }
    }
}
