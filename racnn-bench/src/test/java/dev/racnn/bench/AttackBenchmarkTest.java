package dev.racnn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.attack.Attack;
import dev.racnn.attack.Examples;
import dev.racnn.attack.paper.Boundary;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class AttackBenchmarkTest {
    private static final FunctionClassifier MODEL = FunctionClassifier.of(3, AttackBenchmarkTest::logits);

    @Test
    void only_images_that_are_work_for_an_attack_are_measured() throws IOException {
        AttackBenchmark benchmark = AttackBenchmark.of(MODEL, grey(0.9, 0.3, 0.4, 0.45), 2, Stopwatch.CPU);
        assertThat(benchmark.images()).isEqualTo(2);
        Fgsm attack = new Fgsm(Fgsm.Settings.PAPER);
        AttackBenchmark.Measurement measurement = benchmark.measure(attack, 2, 1, Progress.UNHEARD);
        assertThat(measurement.images()).isEqualTo(2);
        assertThat(measurement.imagesPerSecond()).isEqualTo(2 / measurement.seconds());
        assertThat(measurement.costOfQuery()).isPositive();
        assertThat(measurement.ownShare()).isPositive();
        assertThat(measurement.imagesPerSecond() / measurement.singleImagesPerSecond())
                .isCloseTo(measurement.gainOfBatching(), within(1e-9));
        assertThat(benchmark.measure(attack, 1, 0, Progress.UNHEARD).singleImagesPerSecond())
                .isNaN();
    }

    @Test
    void a_model_without_gradients_is_measured_by_its_decisions() throws IOException {
        FunctionClassifier decisions = new FunctionClassifier(3, Bounds.UNIT, false, MODEL.function());
        Attack attack = new Boundary(new Boundary.Settings(3, 100, 5, 1e-2, 1e-2, 1.5));
        AttackBenchmark benchmark = AttackBenchmark.of(decisions, grey(0.3, 0.4), 2, Stopwatch.WALL);
        assertThat(benchmark.measure(attack, 1, 0, Progress.UNHEARD).costOfQuery())
                .isPositive();
    }

    @Test
    void a_model_that_gets_no_image_right_is_refused() {
        assertThatThrownBy(() -> AttackBenchmark.of(MODEL, grey(0.9), 1, Stopwatch.WALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of 1 right");
    }

    /** Class 0 for images darker than a half, class 1 for brighter ones. */
    private static Tensor logits(Tensor images) {
        Tensor brightness = images.flatten(1, -1).mean(1).sub(new Scalar(0.5)).unsqueeze(1);
        return brightness.mul(Tensors.of(new float[] {-1, 1, 0}, 1, 3)).add(Tensors.of(new float[] {0, 0, -9}, 1, 3));
    }

    /** Images of one grey each, all of class 0. */
    private static Examples grey(double... values) {
        ImageSize size = new ImageSize(2, 2);
        float[][] images = new float[values.length][size.bytes()];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(images[i], (float) values[i]);
        }
        int[] indices = IntStream.range(0, values.length).toArray();
        return new Examples(size, images, new int[values.length], indices);
    }
}
