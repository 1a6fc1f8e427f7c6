package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
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

    @ParameterizedTest
    @CsvSource({
        "LINF, 8, Linf 8/255",
        "LINF, 0.5, Linf 0.5/255",
        "LINF, 1.5, Linf 1.5/255",
        "LINF, 128, Linf 128/255",
        "LINF, 127.5, Linf 0.5",
        "LINF, 0.3, Linf 0.00118",
        "LINF, 255, Linf 1",
        "L2, 127.5, L2 0.5"
    })
    void budgets_in_linf_are_in_levels_of_the_pixels(Norm norm, double levels, String text) {
        assertThat(Numbers.budget(new ThreatModel(norm, levels / 255))).isEqualTo(text);
    }

    @Test
    void a_failed_attack_is_infinitely_far() {
        assertThat(Numbers.plain(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    }
}
