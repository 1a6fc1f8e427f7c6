package dev.racnn.attack.optimise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsbTest {
    private static final Lbfgsb.Settings TIGHT = new Lbfgsb.Settings(10, 1000, 15_000, 1e-15, 1e-8);

    private interface Function {
        /** Writes the gradient and returns the value. */
        double at(double[] x, double[] gradient);
    }

    private static Lbfgsb minimise(
            Function function, double[] start, double low, double high, Lbfgsb.Settings settings) {
        Lbfgsb search = new Lbfgsb(start, low, high, settings);
        double[] gradient = new double[start.length];
        while (!search.done()) {
            assertThat(Arrays.stream(search.point())).allMatch(value -> value >= low - 1e-12 && value <= high + 1e-12);
            search.tell(function.at(search.point(), gradient), gradient);
        }
        return search;
    }

    private static double rosenbrock(double[] x, double[] gradient) {
        double value = 0;
        Arrays.fill(gradient, 0);
        for (int i = 0; i + 1 < x.length; i++) {
            double bend = x[i + 1] - x[i] * x[i];
            value += 100 * bend * bend + (1 - x[i]) * (1 - x[i]);
            gradient[i] += -400 * x[i] * bend - 2 * (1 - x[i]);
            gradient[i + 1] += 200 * bend;
        }
        return value;
    }

    @Test
    void the_rosenbrock_valley_is_followed_to_its_minimum() {
        double[] start = new double[20];
        Arrays.fill(start, -1.2);
        Lbfgsb search = minimise(LbfgsbTest::rosenbrock, start, -5, 5, TIGHT);
        assertThat(search.value()).isLessThan(1e-12);
        for (double x : search.solution()) {
            assertThat(x).isCloseTo(1, within(1e-5));
        }
        assertThat(search.evaluations()).isLessThan(300);
    }

    /** What SciPy 1.17.1's {@code fmin_l_bfgs_b} prints for m = 15 and its default tolerances. */
    @ParameterizedTest
    @CsvSource({
        "0.9, 1, 27, 16.472178313698688",
        "2, 1, 41, 5.0080695471854335e-09",
        "0.9, 1e10, 27, 164721783136.98685"
    })
    void evaluations_and_minimum_are_those_of_scipy(double high, double scale, int evaluations, double minimum) {
        double[] start = new double[25];
        Arrays.fill(start, -1.2);
        Lbfgsb search = minimise(
                (x, gradient) -> {
                    double value = rosenbrock(x, gradient);
                    Arrays.setAll(gradient, i -> scale * gradient[i]);
                    return scale * value;
                },
                start,
                -2,
                high,
                Lbfgsb.Settings.scipy(15, 150));
        assertThat(search.evaluations()).isEqualTo(evaluations);
        assertThat(search.value()).isCloseTo(minimum, withinPercentage(0.001));
    }

    @Test
    void with_the_minimum_outside_the_box_the_bound_is_active() {
        // On the edge x = 0.5 the Rosenbrock function is least at y = 0.25, where it is 0.25.
        Lbfgsb search = minimise(LbfgsbTest::rosenbrock, new double[] {-1.2, -1}, -2, 0.5, TIGHT);
        assertThat(search.solution()[0]).isEqualTo(0.5);
        assertThat(search.solution()[1]).isCloseTo(0.25, within(1e-6));
        assertThat(search.value()).isCloseTo(0.25, within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void random_quadratics_in_a_box_end_where_the_optimality_conditions_hold(long seed) {
        int n = 60;
        Random random = new Random(seed);
        double[][] root = new double[n][n];
        double[] linear = new double[n];
        for (int i = 0; i < n; i++) {
            linear[i] = 20 * random.nextGaussian();
            for (int j = 0; j < n; j++) {
                root[i][j] = random.nextGaussian() * (1 + 5.0 * i / n);
            }
        }
        Function quadratic = (x, gradient) -> {
            double value = 0;
            System.arraycopy(linear, 0, gradient, 0, n);
            for (int i = 0; i < n; i++) {
                value += linear[i] * x[i];
            }
            for (double[] row : root) {
                double product = 0;
                for (int i = 0; i < n; i++) {
                    product += row[i] * x[i];
                }
                value += product * product / 2;
                for (int i = 0; i < n; i++) {
                    gradient[i] += product * row[i];
                }
            }
            return value;
        };
        double[] start = new double[n];
        Arrays.setAll(start, _ -> random.nextDouble() * 2 - 1);
        Lbfgsb search = minimise(quadratic, start, -1, 1, TIGHT);
        double[] gradient = new double[n];
        quadratic.at(search.solution(), gradient);
        int bound = 0;
        for (int i = 0; i < n; i++) {
            double x = search.solution()[i];
            if (x == -1) {
                assertThat(gradient[i]).isGreaterThan(-1e-4);
                bound++;
            } else if (x == 1) {
                assertThat(gradient[i]).isLessThan(1e-4);
                bound++;
            } else {
                assertThat(gradient[i]).isCloseTo(0, within(1e-4));
            }
        }
        assertThat(bound).isPositive();
    }

    @Test
    void it_stops_at_once_where_the_gradient_points_out_of_the_box() {
        Lbfgsb search = minimise(
                (x, gradient) -> {
                    Arrays.fill(gradient, -1);
                    return -Arrays.stream(x).sum();
                },
                new double[] {1, 1, 1},
                0,
                1,
                TIGHT);
        assertThat(search.evaluations()).isEqualTo(1);
        assertThat(search.solution()).containsOnly(1);
    }

    @Test
    void a_function_without_descent_ends_the_search_instead_of_looping() {
        // The gradient lies about the function, so no step along it helps.
        Lbfgsb search = minimise(
                (x, gradient) -> {
                    Arrays.fill(gradient, 1);
                    return -Arrays.stream(x).sum();
                },
                new double[] {0.5, 0.5},
                0,
                1,
                TIGHT);
        assertThat(search.done()).isTrue();
        assertThat(search.evaluations()).isLessThan(30);
    }
}
