package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    /** R: {@code prop.test(count, n, correct = FALSE)$conf.int}. */
    @ParameterizedTest
    @CsvSource({
        "8, 10, 0.4901625, 0.9433178",
        "0, 10, 0, 0.2775328",
        "10, 10, 0.7224672, 1",
        "50, 100, 0.4038315, 0.5961685"
    })
    void the_interval_is_that_of_wilson(int count, int n, double lower, double upper) {
        Proportion share = new Proportion(count, n);
        assertThat(share.lower()).isCloseTo(lower, within(1e-6));
        assertThat(share.upper()).isCloseTo(upper, within(1e-6));
    }

    @Test
    void the_interval_shrinks_with_the_square_root_of_n() {
        Proportion few = new Proportion(500, 1000);
        Proportion many = new Proportion(50_000, 100_000);
        assertThat((few.upper() - few.lower()) / (many.upper() - many.lower())).isCloseTo(10, within(0.05));
    }

    @Test
    void more_successes_than_trials_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(3, 2))
                .withMessageContaining("3 of 2");
    }
}
