package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({"1e-4, 1e-4", "2.5e-5, 2.5e-5", "0.0004, 4e-4", "0, 0", "1, 1e0", "0.00120, 1.2e-3"})
    void distances_are_written_as_in_the_paper(double value, String text) {
        assertThat(Numbers.scientific(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5542, 0.554",
        "0.5, 0.5",
        "2, 2",
        "10, 10",
        "0, 0",
        "0.25, 0.25",
        "12.34, 12.3",
        "1234, 1234",
        "0.01, 0.01"
    })
    void plain_numbers_have_three_digits_and_no_idle_zeros(double value, String text) {
        assertThat(Numbers.plain(value)).isEqualTo(text);
    }

    @Test
    void a_failed_attack_is_infinitely_far() {
        assertThat(Numbers.plain(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    }
}
