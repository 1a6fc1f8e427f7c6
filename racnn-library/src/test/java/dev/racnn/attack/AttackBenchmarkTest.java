package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.paper.Fgsm;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AttackBenchmarkTest {
    private static final FunctionClassifier MODEL = LinearModel.threshold(0.5);

    @Test
    void only_images_that_are_work_for_an_attack_are_measured() throws IOException {
        AttackBenchmark benchmark = AttackBenchmark.of(MODEL, LinearModel.grey(0.9, 0.3, 0.4, 0.45), 2);
        assertThat(benchmark.images()).isEqualTo(2);
        Fgsm attack = new Fgsm(Fgsm.Settings.PAPER);
        AttackBenchmark.Measurement measurement = benchmark.measure(attack, 1, Progress.NONE);
        assertThat(measurement.imagesPerSecond()).isPositive();
        assertThat(measurement.costOfQuery()).isPositive();
        assertThat(measurement.gainOfBatching())
                .isEqualTo(measurement.imagesPerSecond() / measurement.singleImagesPerSecond());
        assertThat(benchmark.measure(attack, 0, Progress.NONE).singleImagesPerSecond())
                .isNaN();
    }

    @Test
    void a_model_that_gets_no_image_right_is_refused() {
        assertThatThrownBy(() -> AttackBenchmark.of(MODEL, LinearModel.grey(0.9), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of 1 right");
    }
}
