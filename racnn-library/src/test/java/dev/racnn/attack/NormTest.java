package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.modern.DeepFool;
import dev.racnn.attack.modern.GeoDa;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormTest {
    private static final int ROWS = 6;
    private static final int LENGTH = 3 * 5 * 5;

    @Test
    void lengths_are_those_computed_by_hand() {
        try (var _ = Scope.open()) {
            Tensor x = Tensors.of(new float[] {3, -4, 0, 1, 1, -1}, 2, 3);
            assertThat(Tensors.toFloats(Norm.L1.lengths(x))).containsExactly(7, 3);
            assertThat(Tensors.toFloats(Norm.L2.lengths(x))[0]).isEqualTo(5);
            assertThat(Tensors.toFloats(Norm.LINF.lengths(x))).containsExactly(4, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"L0", "L1"})
    void an_attack_that_does_not_know_a_norm_names_those_that_it_knows(Norm norm) {
        List<Consumer<Norm>> made = List.of(
                other -> new DeepFool(other, DeepFool.Settings.MODERN),
                other -> new HopSkipJump(other, HopSkipJump.Settings.MODERN),
                other -> new GeoDa(other, GeoDa.Settings.MODERN));
        for (Consumer<Norm> make : made) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> make.accept(norm))
                    .withMessageMatching("norm of [a-z]+ must be L2 or LINF, but is " + norm);
            make.accept(Norm.L2);
            make.accept(Norm.LINF);
        }
    }

    @Test
    void projection_in_l0_keeps_the_largest_changes() {
        try (var _ = Scope.open()) {
            Tensor originals = Tensors.of(new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
            Tensor points = Tensors.of(new float[] {1.5f, 0, 1.25f, 1, 3, 0.5f}, 2, 3);
            Tensor projected = Norm.L0.project(originals, points, Tensors.of(new float[] {2, 1}, 2));
            assertThat(Tensors.toFloats(projected)).containsExactly(1.5f, 0, 1, 1, 3, 1);
            assertThat(Tensors.toFloats(Norm.L0.lengths(projected.sub(originals))))
                    .containsExactly(2, 1);
        }
    }

    @Test
    void what_is_allowed_in_l1_is_spent_within_the_box_and_no_allowed_point_is_nearer() {
        try (var _ = Scope.open()) {
            // Room of 0.1 upwards in the first value, so that all of its part beyond that goes to the others.
            Tensor original = Tensors.of(new float[] {0.9f, 0.5f, 0.5f}, 1, 3);
            Tensor point = Tensors.of(new float[] {1.7f, 0.8f, 0.4f}, 1, 3);
            Tensor projected = SparseBall.project(Bounds.UNIT, original, point, 0.3);
            float[] expected = {1, 0.7f, 0.5f};
            for (int i = 0; i < 3; i++) {
                assertThat(Tensors.toFloats(projected)[i]).isCloseTo(expected[i], within(1e-5f));
            }
            Random random = new Random(4);
            double nearest = Norm.L2.lengths(point.sub(projected)).item_double();
            for (int draw = 0; draw < 2000; draw++) {
                float[] other = new float[3];
                double spent = 0;
                for (int i = 0; i < 3; i++) {
                    other[i] = expected[i] + (float) (0.1 * random.nextGaussian());
                    other[i] = Math.clamp(other[i], 0, 1);
                    spent += Math.abs(other[i] - Tensors.toFloats(original)[i]);
                }
                if (spent <= 0.3) {
                    assertThat(Norm.L2
                                    .lengths(point.sub(Tensors.of(other, 1, 3)))
                                    .item_double())
                            .isGreaterThan(nearest - 1e-5);
                }
            }
            Tensor inside = SparseBall.project(Bounds.UNIT, original, point, 5);
            assertThat(Tensors.toFloats(inside)).containsExactly(1, 0.8f, 0.4f);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "L0")
    void projection_stays_inside_the_ball_and_leaves_points_inside_alone(Norm norm) {
        try (var _ = Scope.open()) {
            Tensor originals = random(1);
            Tensor perturbations = random(2);
            double outside = 0.5 * smallest(norm.lengths(perturbations));
            Tensor projected = norm.project(originals, originals.add(perturbations), outside);
            for (double length : Tensors.toDoubles(norm.lengths(projected.sub(originals)))) {
                assertThat(length).isCloseTo(outside, within(1e-4 * outside));
            }
            Tensor untouched = norm.project(originals, originals.add(perturbations), 1e4);
            assertThat(Tensors.toFloats(untouched.sub(originals).sub(perturbations)))
                    .containsOnly(new float[ROWS * LENGTH], within(1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "L0")
    void no_random_point_of_the_ball_is_nearer_than_the_projection(Norm norm) {
        try (var _ = Scope.open()) {
            Tensor originals = random(3);
            Tensor points = originals.add(random(4));
            double epsilon = 0.3 * smallest(norm.lengths(points.sub(originals)));
            Tensor projected = norm.project(originals, points, epsilon);
            double[] nearest = Tensors.toDoubles(Norm.L2.lengths(points.sub(projected)));
            for (int seed = 0; seed < 200; seed++) {
                // Draws near the projection test harder than draws from the whole ball.
                Tensor near = projected.add(random(seed + 100).mul(new Scalar(0.05)));
                Tensor rival = norm.project(originals, near, epsilon);
                double[] distances = Tensors.toDoubles(Norm.L2.lengths(points.sub(rival)));
                for (int row = 0; row < ROWS; row++) {
                    assertThat(distances[row]).isGreaterThan(nearest[row] - 1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "L0")
    void random_starts_fill_the_ball_and_depend_on_the_generator_alone(Norm norm) {
        try (var _ = Scope.open()) {
            Tensor originals = random(5);
            Tensor starts = norm.randomStart(originals, 0.5, generators(0));
            double[] lengths = Tensors.toDoubles(norm.lengths(starts.sub(originals)));
            assertThat(boxed(lengths)).allSatisfy(length -> assertThat(length).isBetween(0.25, 0.5 + 1e-5));
            float[] again = Tensors.toFloats(
                    norm.randomStart(originals.narrow(0, 2, 1), 0.5, new RandomGenerator[] {generators(0)[2]}));
            assertThat(Tensors.toFloats(starts.narrow(0, 2, 1))).containsExactly(again);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "L0")
    void the_steepest_step_has_length_one_and_climbs_at_least_as_fast_as_random_steps(Norm norm) {
        try (var _ = Scope.open()) {
            Tensor gradients = random(6);
            Tensor step = norm.steepestStep(gradients);
            assertThat(boxed(Tensors.toDoubles(norm.lengths(step))))
                    .allSatisfy(length -> assertThat(length).isCloseTo(1, within(1e-5)));
            double[] slopes = slopes(gradients, step);
            for (int seed = 0; seed < 100; seed++) {
                Tensor rival = random(seed);
                Tensor unit = rival.div(Norm.perRow(norm.lengths(rival), rival));
                double[] others = slopes(gradients, unit);
                for (int row = 0; row < ROWS; row++) {
                    assertThat(others[row]).isLessThanOrEqualTo(slopes[row]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "L0")
    void a_zero_gradient_gives_a_zero_step(Norm norm) {
        try (var _ = Scope.open()) {
            Tensor step = norm.steepestStep(torch.zeros(new long[] {2, 3, 4, 4}));
            assertThat(Tensors.toFloats(step)).containsOnly(0f);
        }
    }

    private static double[] slopes(Tensor gradients, Tensor steps) {
        return Tensors.toDoubles(gradients.mul(steps).flatten(1, -1).sum(1));
    }

    private static List<Double> boxed(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    private static double smallest(Tensor lengths) {
        return Tensors.toDoubles(lengths.min())[0];
    }

    private static RandomGenerator[] generators(long seed) {
        RandomGenerator[] generators = new RandomGenerator[ROWS];
        for (int i = 0; i < ROWS; i++) {
            generators[i] = new Random(seed * 100 + i);
        }
        return generators;
    }

    private static Tensor random(long seed) {
        Random random = new Random(seed);
        float[] values = new float[ROWS * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.of(values, ROWS, 3, 5, 5);
    }
}
