package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.Norm;
import dev.racnn.model.Bounds;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrustRegionTest {
    private static final double SLACK = 1e-5;

    /** A random problem; the normal has length 1. */
    private record Problem(Norm norm, float[] image, float[] point, float[] normal, double change, double radius) {
        static Problem draw(Norm norm, int values, Random random) {
            float[] image = new float[values];
            float[] point = new float[values];
            float[] normal = new float[values];
            double squares = 0;
            for (int i = 0; i < values; i++) {
                image[i] = random.nextFloat();
                point[i] = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextFloat();
                normal[i] = (float) random.nextGaussian();
                squares += normal[i] * normal[i];
            }
            for (int i = 0; i < values; i++) {
                normal[i] /= (float) Math.sqrt(squares);
            }
            return new Problem(norm, image, point, normal, random.nextGaussian() * 0.15, random.nextDouble(0.1, 0.6));
        }

        double[] solution() {
            return new TrustRegion(norm, Bounds.UNIT).step(image, point, normal, change, radius);
        }

        double along(double... step) {
            double sum = 0;
            for (int i = 0; i < step.length; i++) {
                sum += normal[i] * step[i];
            }
            return sum;
        }

        /** Whether a step stays within the bounds and the region. */
        boolean allows(double slack, double... step) {
            double squares = 0;
            for (int i = 0; i < step.length; i++) {
                squares += step[i] * step[i];
                double pixel = point[i] + step[i];
                if (pixel < -slack || pixel > 1 + slack) {
                    return false;
                }
            }
            return squares <= radius * radius * (1 + slack);
        }

        /** How far from the image a step leads. */
        double objective(double... step) {
            double sum = 0;
            double largest = 0;
            double squares = 0;
            for (int i = 0; i < step.length; i++) {
                double size = Math.abs(point[i] + step[i] - image[i]);
                sum += size;
                largest = Math.max(largest, size);
                squares += size * size;
            }
            return switch (norm) {
                case L1 -> sum;
                case LINF -> largest;
                case L0, L2 -> Math.sqrt(squares);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void no_step_of_a_fine_grid_on_the_plane_leads_nearer_to_the_image(Norm norm) {
        Random random = new Random(11);
        int onPlane = 0;
        for (int round = 0; round < 150; round++) {
            Problem problem = Problem.draw(norm, 3, random);
            double[] solution = problem.solution();
            assertThat(problem.allows(SLACK, solution)).isTrue();
            double best = Double.POSITIVE_INFINITY;
            int cells = 400;
            for (int i = -cells; i <= cells; i++) {
                for (int j = -cells; j <= cells; j++) {
                    double a = problem.radius() * i / cells;
                    double b = problem.radius() * j / cells;
                    double c = (problem.change() - problem.along(a, b, 0)) / problem.normal()[2];
                    if (problem.allows(0, a, b, c)) {
                        best = Math.min(best, problem.objective(a, b, c));
                    }
                }
            }
            if (best < Double.POSITIVE_INFINITY) {
                onPlane++;
                assertThat(problem.along(solution)).isCloseTo(problem.change(), within(SLACK));
                assertThat(problem.objective(solution)).isBetween(best - 0.02, best + SLACK);
            }
        }
        assertThat(onPlane).isGreaterThan(60);
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void no_way_from_the_solution_to_another_allowed_step_leads_nearer(Norm norm) {
        Random random = new Random(12);
        int compared = 0;
        for (int round = 0; round < 400; round++) {
            Problem problem = Problem.draw(norm, 40, random);
            double[] solution = problem.solution();
            assertThat(problem.allows(SLACK, solution)).isTrue();
            if (Math.abs(problem.along(solution) - problem.change()) > SLACK) {
                continue;
            }
            // Small moves on the plane; in a convex problem a nearer step anywhere would make some of them lead nearer.
            for (int attempt = 0; attempt < 200; attempt++) {
                double[] other = solution.clone();
                double[] move = new double[other.length];
                for (int k = 0; k < 3; k++) {
                    move[random.nextInt(move.length)] = random.nextGaussian() * 0.01;
                }
                int last = random.nextInt(move.length);
                move[last] = 0;
                move[last] = -problem.along(move) / problem.normal()[last];
                for (int i = 0; i < move.length; i++) {
                    other[i] += move[i];
                }
                if (problem.allows(0, other)) {
                    compared++;
                    assertThat(problem.objective(other)).isGreaterThan(problem.objective(solution) - SLACK);
                }
            }
        }
        assertThat(compared).isGreaterThan(5000);
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void where_the_plane_is_out_of_reach_no_allowed_step_comes_nearer_to_it(Norm norm) {
        Random random = new Random(13);
        for (int round = 0; round < 100; round++) {
            Problem problem = Problem.draw(norm, 20, random);
            double change = round % 2 == 0 ? 50 : -50;
            double[] solution = new TrustRegion(norm, Bounds.UNIT)
                    .step(problem.image(), problem.point(), problem.normal(), change, problem.radius());
            assertThat(problem.allows(SLACK, solution)).isTrue();
            // Karush, Kuhn and Tucker: in proportion to the normal, but for what a bound holds up, and as long as
            // allowed.
            double multiplier = 0;
            double squares = 0;
            for (int i = 0; i < solution.length; i++) {
                multiplier = Math.max(multiplier, solution[i] / problem.normal()[i] * Math.signum(change));
                squares += solution[i] * solution[i];
            }
            for (int i = 0; i < solution.length; i++) {
                double pixel = problem.point()[i] + solution[i];
                if (pixel > 1e-6 && pixel < 1 - 1e-6) {
                    assertThat(solution[i])
                            .isCloseTo(Math.signum(change) * multiplier * problem.normal()[i], within(1e-6));
                }
            }
            assertThat(Math.sqrt(squares)).isCloseTo(problem.radius(), within(SLACK));
        }
    }
}
