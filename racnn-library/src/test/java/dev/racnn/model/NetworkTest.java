package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Layer.BatchNormalisation;
import dev.racnn.model.Layer.CentreCrop;
import dev.racnn.model.Layer.Convolution;
import dev.racnn.model.Layer.Flatten;
import dev.racnn.model.Layer.FullyConnected;
import dev.racnn.model.Layer.GlobalAveragePool;
import dev.racnn.model.Layer.MaxPool;
import dev.racnn.model.Layer.Relu;
import dev.racnn.model.Layer.Residual;
import dev.racnn.model.Layer.Standardisation;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class NetworkTest {
    @Test
    void a_convolution_is_the_sum_over_its_window() {
        try (Network network = Network.random(List.of(new Convolution("c", 1, 1, 2, 1, true)), 0);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            set(network, "c.weight", 1, 2, 3, 4);
            set(network, "c.bias", 0.5f);
            Tensor image = Tensors.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
            // 1*1 + 2*2 + 3*4 + 4*5 + 0.5 and so on.
            assertThat(Tensors.toFloats(network.forward(image, Pass.EVALUATION)))
                    .containsExactly(37.5f, 47.5f, 67.5f, 77.5f);
        }
    }

    @Test
    void a_crop_keeps_the_centre_and_flattening_counts_channels_first() {
        try (Network network = Network.random(List.of(new CentreCrop(3, 1), new Flatten()), 0);
                var _ = Scope.open()) {
            float[] numbers = new float[18];
            for (int i = 0; i < 18; i++) {
                numbers[i] = i;
            }
            assertThat(Tensors.toFloats(network.forward(Tensors.of(numbers, 1, 2, 3, 3), Pass.EVALUATION)))
                    .containsExactly(4, 13);
        }
    }

    @Test
    void a_crop_refuses_a_map_of_another_size_instead_of_cutting_more_of_it() {
        try (Network network = Network.random(List.of(new CentreCrop(3, 1)), 0);
                var _ = Scope.open()) {
            Tensor larger = Tensors.of(new float[25], 1, 1, 5, 5);
            assertThatThrownBy(() -> network.forward(larger, Pass.EVALUATION))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be 3 wide and high, but is 5");
        }
    }

    @Test
    void padding_puts_zeros_around_and_pooling_takes_the_largest_and_the_mean() {
        try (Network convolution = Network.random(List.of(new Convolution("c", 1, 1, 3, 2, 1, false)), 0);
                Network largest = Network.random(List.of(new MaxPool(3, 2, 1)), 0);
                Network mean = Network.random(List.of(new GlobalAveragePool()), 0);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            set(convolution, "c.weight", 1, 2, 3, 4, 5, 6, 7, 8, 9);
            Tensor image = Tensors.of(new float[] {1, 2, 3, 4, -5, 6, -7, 8, 9}, 1, 1, 3, 3);
            Tensor padded = convolution.forward(image, Pass.EVALUATION);
            // Four of the nine weights see the map at each corner.
            assertThat(Tensors.toFloats(padded))
                    .containsExactly(
                            5 * 1 + 6 * 2 + 8 * 4 - 9 * 5,
                            4 * 2 + 5 * 3 - 7 * 5 + 8 * 6,
                            2 * 4 - 3 * 5 - 5 * 7 + 6 * 8,
                            -1 * 5 + 2 * 6 + 4 * 8 + 5 * 9);
            assertThat(Tensors.toFloats(largest.forward(image, Pass.EVALUATION)))
                    .containsExactly(4, 6, 8, 9);
            assertThat(Tensors.toFloats(mean.forward(image, Pass.EVALUATION))).containsExactly(21 / 9f);
        }
    }

    @Test
    void a_residual_sum_adds_what_passes_by_and_pixels_are_standardised_by_channel() {
        List<Layer> twice = List.of(new Convolution("c", 3, 3, 1, 1, false));
        try (Network plain = Network.random(List.of(new Residual(twice, List.of())), 0);
                Network both = Network.random(
                        List.of(new Residual(twice, List.of(new Convolution("d", 3, 3, 1, 1, false)))), 0);
                Network standard = Network.random(
                        List.of(new Standardisation(List.of(1.0, 2.0, 3.0), List.of(1.0, 0.5, 0.25))), 0);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            set(plain, "c.weight", 2, 0, 0, 0, 2, 0, 0, 0, 2);
            set(both, "c.weight", 2, 0, 0, 0, 2, 0, 0, 0, 2);
            set(both, "d.weight", 0, 1, 0, 0, 0, 1, 1, 0, 0);
            Tensor pixel = Tensors.of(new float[] {1, 3, 5}, 1, 3, 1, 1);
            assertThat(Tensors.toFloats(plain.forward(pixel, Pass.EVALUATION))).containsExactly(3, 9, 15);
            assertThat(Tensors.toFloats(both.forward(pixel, Pass.EVALUATION))).containsExactly(5, 11, 11);
            assertThat(Tensors.toFloats(standard.forward(pixel, Pass.EVALUATION)))
                    .containsExactly(0, 2, 8);
            assertThat(Tensors.toFloats(pixel)).containsExactly(1, 3, 5);
        }
    }

    @Test
    void only_a_training_pass_moves_the_running_statistics() {
        try (Network network = Network.random(List.of(new BatchNormalisation("b", 1)), 0);
                var _ = Scope.open()) {
            Tensor batch = Tensors.of(new float[] {1, 3}, 2, 1);
            float[] evaluated = Tensors.toFloats(network.forward(batch, Pass.EVALUATION));
            assertThat(evaluated[0]).isCloseTo(1, within(1e-4f));
            float[] normalised = Tensors.toFloats(network.forward(batch, Pass.BATCH_STATISTICS));
            assertThat(normalised[0]).isCloseTo(-1, within(1e-4f));
            assertThat(running(network)).isZero();
            network.forward(batch, Pass.TRAINING);
            assertThat(running(network)).isCloseTo(0.2f, within(1e-6f));
        }
    }

    @Test
    void equal_seeds_give_equal_weights_and_other_seeds_others() {
        List<Layer> layers = List.of(new FullyConnected("f", 8, 4, true));
        try (Network a = Network.random(layers, 1);
                Network b = Network.random(layers, 1);
                Network c = Network.random(layers, 2)) {
            assertThat(values(a)).isEqualTo(values(b)).isNotEqualTo(values(c));
        }
    }

    @Test
    void gradients_land_in_the_one_buffer_and_agree_with_finite_differences() {
        List<Layer> layers = List.of(
                new Convolution("c1", 3, 4, 3, 2, false),
                new BatchNormalisation("b1", 4),
                new Relu(),
                new Convolution("c2", 4, 3, 2, 1, true),
                new Flatten(),
                new FullyConnected("f", 3, 2, true));
        gradientsAgree(layers);
    }

    @Test
    void gradients_pass_through_residual_sums_and_pooling() {
        gradientsAgree(List.of(
                new Standardisation(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 0.4)),
                new Convolution("c1", 3, 4, 3, 1, 1, false),
                new MaxPool(3, 2, 1),
                new Residual(
                        List.of(
                                new Convolution("c2", 4, 6, 3, 2, 1, false),
                                new BatchNormalisation("b2", 6),
                                new Relu()),
                        List.of(new Convolution("d", 4, 6, 1, 2, 0, false))),
                new Residual(List.of(new Convolution("c3", 6, 6, 3, 1, 1, true)), List.of()),
                new Relu(),
                new GlobalAveragePool(),
                new Flatten(),
                new FullyConnected("f", 6, 2, true)));
    }

    private static void gradientsAgree(List<Layer> layers) {
        try (Network network = Network.random(layers, 3, ScalarType.Double);
                var _ = Scope.open()) {
            SplittableRandom random = new SplittableRandom(4);
            Tensor images = Tensors.of(random.doubles(4 * 3 * 6 * 6).toArray(), 4, 3, 6, 6);
            loss(network, images).backward();
            double[] gradient = Tensors.toDoubles(network.parameters().gradients());
            double[] start = Tensors.toDoubles(network.parameters().values());
            double h = 1e-6;
            for (int i = 0; i < start.length; i += 7) {
                double difference =
                        (lossAt(network, images, start, i, h) - lossAt(network, images, start, i, -h)) / (2 * h);
                assertThat(gradient[i]).as("parameter %d", i).isCloseTo(difference, within(1e-6));
            }
        }
    }

    @Test
    void loading_names_what_is_missing_and_what_has_another_shape() {
        try (Network network = Network.random(List.of(new FullyConnected("f", 2, 1, false)), 0);
                var _ = Scope.open()) {
            assertThatThrownBy(() -> network.load(Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("f.weight");
            Map<String, Tensor> wrong = new HashMap<>();
            wrong.put("f.weight", Tensors.of(new float[3], 1, 3));
            assertThatThrownBy(() -> network.load(wrong))
                    .hasMessageContaining("[1, 3]")
                    .hasMessageContaining("[1, 2]");
        }
    }

    private static Tensor loss(Network network, Tensor images) {
        return network.forward(images, Pass.BATCH_STATISTICS)
                .pow(new org.bytedeco.pytorch.Scalar(2.0))
                .sum();
    }

    private static double lossAt(Network network, Tensor images, double[] start, int index, double change) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            double[] moved = start.clone();
            moved[index] += change;
            network.parameters().values().copy_(Tensors.of(moved, moved.length));
            return loss(network, images).item_double();
        }
    }

    private static void set(Network network, String name, float... numbers) {
        Tensor target = Objects.requireNonNull(network.state().get(name));
        target.copy_(Tensors.of(numbers, Tensors.shape(target)));
    }

    private static float running(Network network) {
        return Tensors.toFloats(Objects.requireNonNull(network.state().get("b.running_mean")))[0];
    }

    private static float[] values(Network network) {
        return Tensors.toFloats(network.parameters().values());
    }
}
