package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.Outcome;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class CellFolderTest {
    /** A cell as it was written before L0 was measured. */
    private static final String OLD = """
        {"heading": {"seed": "1"}, "version": "0.1.0", "date": "2026-11-28T05:17:44Z", "seconds": 3.2,
         "environment": {"threads": "1"}, "clean": null,
         "attacked": {"gradientPath": "g", "criterion": "misclassified", "settings": {}, "outcomes": [
           {"index": 8328, "label": 7, "cleanPrediction": 7, "success": true, "msd": 1.5e-5, "l1": 10.5, "l2": 0.25,
            "linf": 0.005, "forwardQueries": 7, "gradientQueries": 1, "zeroGradients": 0, "unconfirmed": 0,
            "adversarial": null}],
          "neverAttacked": 0, "stages": [], "flags": [], "neighbours": null, "gallery": []}}\
        """;

    @Test
    void a_cell_of_before_l0_was_measured_is_taken_over_and_one_that_misses_something_else_is_not() {
        Outcome outcome = Objects.requireNonNull(CellFolder.parse(OLD).attacked())
                .outcomes()
                .getFirst();
        assertThat(outcome.l0()).isInfinite();
        assertThat(outcome.l1()).isEqualTo(10.5);
        assertThatThrownBy(() -> CellFolder.parse(OLD.replace("\"l1\": 10.5, ", "")))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("l1");
    }
}
