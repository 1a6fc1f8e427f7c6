package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.PaperNetworks.FinalMap;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class FoldingTest {
    @Test
    void a_folded_network_answers_alike_and_has_the_same_gradient() {
        try (Network phiPrime = with(new PaperNetworks(FinalMap.CROPPED).phiPrime(), ScalarType.Float);
                Network gPrime = with(new PaperNetworks(FinalMap.CROPPED).gPrime(10), ScalarType.Float);
                Network phiPrimeFolded = phiPrime.folded();
                Network gPrimeFolded = gPrime.folded();
                var _ = Scope.open()) {
            assertThat(phiPrimeFolded.layers()).noneMatch(Layer.BatchNormalisation.class::isInstance);
            assertThat(phiPrimeFolded.layers().size() + 5)
                    .isEqualTo(phiPrime.layers().size());
            float[][] plain = logitsAndGradient(phiPrime, gPrime);
            float[][] folded = logitsAndGradient(phiPrimeFolded, gPrimeFolded);
            for (int i = 0; i < 2; i++) {
                float largest = largest(plain[i]);
                assertThat(largest).isPositive();
                assertThat(folded[i]).hasSameSizeAs(plain[i]);
                for (int j = 0; j < plain[i].length; j++) {
                    assertThat(folded[i][j]).isCloseTo(plain[i][j], within(1e-4f * largest));
                }
            }
        }
    }

    @Test
    void in_double_precision_folding_is_exact_up_to_its_rounding() {
        List<Layer> layers = List.of(
                new Layer.Convolution("c", 3, 4, 3, 2, true),
                new Layer.BatchNormalisation("b", 4),
                new Layer.Relu(),
                new Layer.Flatten(),
                new Layer.FullyConnected("f", 4, 3, true),
                new Layer.BatchNormalisation("n", 3));
        try (Network network = with(layers, ScalarType.Double);
                Network folded = network.folded();
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor image = Tensors.of(new SplittableRandom(5).doubles(27).toArray(), 1, 3, 3, 3);
            double[] expected = Tensors.toDoubles(network.forward(image, Pass.EVALUATION));
            double[] found = Tensors.toDoubles(folded.forward(image, Pass.EVALUATION));
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
            }
        }
    }

    @Test
    void residual_blocks_are_folded_on_both_sides_and_answer_alike() {
        ResNet resnet = ResNet.imageNet(ResNet.Depth.RESNET18, new ResNet.Stem(3, 2, true));
        try (Network phi = with(resnet.phi(), ScalarType.Float);
                Network g = with(resnet.g(5), ScalarType.Float);
                Network folded = phi.folded();
                var _ = Scope.open()) {
            assertThat(folded.state().keySet()).noneMatch(name -> name.contains("bn") || name.contains("downsample.1"));
            assertThat(folded.state()).hasSize(2 * 20);
            float[][] plain = logitsAndGradient(phi, g);
            float[][] found = logitsAndGradient(folded, g);
            for (int i = 0; i < 2; i++) {
                float largest = largest(plain[i]);
                assertThat(largest).isPositive();
                for (int j = 0; j < plain[i].length; j++) {
                    assertThat(found[i][j]).isCloseTo(plain[i][j], within(1e-4f * largest));
                }
            }
        }
    }

    @Test
    void both_branches_of_a_residual_sum_are_folded() {
        List<Layer> layers = List.of(
                new Layer.Residual(
                        List.of(
                                new Layer.Convolution("a", 3, 4, 3, 1, 1, false),
                                new Layer.BatchNormalisation("n", 4),
                                new Layer.Relu(),
                                new Layer.Convolution("b", 4, 4, 3, 1, 1, false),
                                new Layer.BatchNormalisation("o", 4)),
                        List.of(new Layer.Convolution("s", 3, 4, 1, 1, false), new Layer.BatchNormalisation("t", 4))),
                new Layer.Relu(),
                new Layer.GlobalAveragePool(),
                new Layer.Flatten());
        try (Network network = with(layers, ScalarType.Double);
                Network folded = network.folded();
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor image = Tensors.of(new SplittableRandom(5).doubles(75).toArray(), 1, 3, 5, 5);
            double[] expected = Tensors.toDoubles(network.forward(image, Pass.EVALUATION));
            double[] found = Tensors.toDoubles(folded.forward(image, Pass.EVALUATION));
            assertThat(folded.state()).hasSize(6);
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
            }
        }
    }

    @Test
    void the_image_and_a_normalisation_without_an_affine_map_before_it_stay_as_they_are() {
        List<Layer> layers = List.of(new Layer.Relu(), new Layer.BatchNormalisation("b", 2));
        try (Network network = with(layers, ScalarType.Float);
                Network folded = network.folded();
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor input = Tensors.of(new float[] {-1, 2}, 1, 2);
            assertThat(Tensors.toFloats(folded.forward(input, Pass.EVALUATION)))
                    .isEqualTo(Tensors.toFloats(network.forward(input, Pass.EVALUATION)));
            assertThat(Tensors.toFloats(input)).containsExactly(-1, 2);
        }
    }

    /** A network with statistics and constants as a training leaves them. */
    private static Network with(List<Layer> layers, ScalarType type) {
        Network network = Network.random(layers, 1, type);
        SplittableRandom random = new SplittableRandom(2);
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            network.state().forEach((name, tensor) -> {
                if (tensor.dim() == 1) {
                    double least = name.endsWith("var") || name.endsWith("weight") ? 0.5 : -0.3;
                    double[] numbers =
                            random.doubles(tensor.numel(), least, least + 1).toArray();
                    tensor.copy_(Tensors.of(numbers, numbers.length));
                }
            });
        }
        return network;
    }

    private static float[][] logitsAndGradient(Network extractor, Network head) {
        try (var _ = Scope.open()) {
            double[] pixels = new SplittableRandom(3).doubles(2 * 3072).toArray();
            Tensor images =
                    Tensors.of(pixels, 2, 3, 32, 32).to(ScalarType.Float).set_requires_grad(true);
            Tensor logits = head.forward(extractor.forward(images, Pass.EVALUATION), Pass.EVALUATION);
            logits.select(1, 3).sum().backward();
            return new float[][] {Tensors.toFloats(logits), Tensors.toFloats(images.grad())};
        }
    }

    private static float largest(float[] numbers) {
        float largest = 0;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }
}
