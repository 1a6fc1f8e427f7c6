package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RobustnessCurveTest {
    private static List<ExampleOutcome> outcomes(@Nullable Double... distances) {
        return IntStream.range(0, distances.length)
                .mapToObj(i -> new ExampleOutcome(i, 0, 0, distances[i], distances[i], distances[i], 1))
                .toList();
    }

    @Test
    void an_image_is_robust_as_long_as_its_nearest_adversarial_image_is_farther_away() {
        RobustnessCurve curve = RobustnessCurve.of(outcomes(0.0, 1e-4, 2e-4, null));

        assertThat(curve.at(0)).isEqualTo(new Proportion(3, 4));
        assertThat(curve.at(0.99e-4)).isEqualTo(new Proportion(3, 4));
        assertThat(curve.at(1e-4)).isEqualTo(new Proportion(2, 4));
        assertThat(curve.at(1)).isEqualTo(new Proportion(1, 4));
        assertThat(curve.unbroken()).isEqualTo(new Proportion(1, 4));
    }

    @Test
    void quantiles_count_failed_attacks_as_infinitely_far() {
        RobustnessCurve curve = RobustnessCurve.of(outcomes(null, 3e-4, 1e-4, 2e-4));

        assertThat(curve.quantile(0.5)).isEqualTo(2e-4);
        assertThat(curve.quantile(0.75)).isEqualTo(3e-4);
        assertThat(curve.quantile(1)).isInfinite();
    }

    @Test
    void the_median_is_that_of_the_images_that_are_right_unperturbed() {
        assertThat(RobustnessCurve.of(outcomes(0.0, 0.0, 0.0, 1e-4, 3e-4, 2e-4)).median())
                .isEqualTo(2e-4);
        assertThat(RobustnessCurve.of(outcomes(0.0, 1e-4, null, null)).median()).isInfinite();
        assertThat(RobustnessCurve.of(outcomes(0.0, 0.0)).median()).isZero();
    }

    @Test
    void the_worst_case_is_the_mean_of_the_minima_and_not_the_minimum_of_the_means() {
        List<ExampleOutcome> one = outcomes(1e-4, null);
        List<ExampleOutcome> other = outcomes(null, 1e-4);

        assertThat(RobustnessCurve.of(one).at(1e-3).value()).isEqualTo(0.5);
        assertThat(RobustnessCurve.worstCase(List.of(one, other)).at(1e-3).value())
                .isZero();
    }
}
