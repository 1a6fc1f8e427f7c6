package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PrecisionTest {
    @Test
    void bf16_is_chosen_where_it_is_clearly_faster_only() {
        assertThat(new PrecisionMeasurement(1, 0.5).faster()).isEqualTo(Precision.BF16);
        assertThat(new PrecisionMeasurement(1, 0.95).faster()).isEqualTo(Precision.FP32);
        assertThat(new PrecisionMeasurement(1, 10).faster()).isEqualTo(Precision.FP32);
    }

    @Test
    void what_is_chosen_stays_chosen_and_a_wish_computes_nothing() {
        Precision first = Precision.AUTO.chosen();
        assertThat(first).isIn(Precision.FP32, Precision.BF16);
        assertThat(Precision.AUTO.chosen()).isEqualTo(first);
        assertThat(Precision.BF16.chosen()).isEqualTo(Precision.BF16);
        assertThatThrownBy(Precision.AUTO::autocast).hasMessageContaining("must be chosen");
    }

    @Test
    void a_measurement_takes_both_formats() {
        PrecisionMeasurement measured = PrecisionMeasurement.take();
        assertThat(measured.fp32()).isPositive().isFinite();
        assertThat(measured.bf16()).isPositive().isFinite();
    }
}
