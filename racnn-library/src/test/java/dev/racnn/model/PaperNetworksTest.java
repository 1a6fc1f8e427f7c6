package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.data.ImageSize;
import dev.racnn.model.PaperNetworks.FinalMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes and parameter counts of the appendix's tables, layer by layer. */
class PaperNetworksTest {
    private static final ImageSize CIFAR = new ImageSize(32, 32);

    @Test
    void phi_has_the_printed_sizes() {
        try (Network phi = Network.random(new PaperNetworks(FinalMap.CROPPED).phi(), 0)) {
            assertThat(describe(phi))
                    .containsExactly(
                            "conv1 96x30x30",
                            "bn1 96x30x30",
                            "conv2 96x28x28",
                            "bn2 96x28x28",
                            "relu 96x28x28",
                            "conv3 96x13x13",
                            "bn3 96x13x13",
                            "relu 96x13x13",
                            "conv4 192x11x11",
                            "bn4 192x11x11",
                            "relu 192x11x11",
                            "crop 192x9x9",
                            "conv5 192x4x4",
                            "bn5 192x4x4",
                            "conv6 256x1x1",
                            "flatten 256");
        }
    }

    @Test
    void phi_prime_has_a_relu_after_its_first_layer_and_ends_in_3072_numbers() {
        try (Network phiPrime = Network.random(new PaperNetworks(FinalMap.CROPPED).phiPrime(), 0)) {
            assertThat(describe(phiPrime))
                    .startsWith("conv1 96x30x30", "bn1 96x30x30", "relu 96x30x30")
                    .endsWith("conv5 192x4x4", "bn5 192x4x4", "flatten 3072");
        }
    }

    @Test
    void the_whole_map_keeps_5x5_and_needs_a_5x5_convolution() {
        try (Network phi = Network.random(new PaperNetworks(FinalMap.WHOLE).phi(), 0);
                Network phiPrime = Network.random(new PaperNetworks(FinalMap.WHOLE).phiPrime(), 0)) {
            assertThat(describe(phi)).endsWith("conv5 192x5x5", "bn5 192x5x5", "conv6 256x1x1", "flatten 256");
            assertThat(describe(phiPrime)).endsWith("flatten 4800");
            assertThat(count(phi, "conv6")).isEqualTo(192 * 5 * 5 * 256 + 256);
        }
    }

    @Test
    void every_layer_has_the_parameters_that_its_sizes_imply() {
        try (Network phi = Network.random(new PaperNetworks(FinalMap.CROPPED).phi(), 0);
                Network g = Network.random(new PaperNetworks(FinalMap.CROPPED).g(10), 0);
                Network gPrime = Network.random(new PaperNetworks(FinalMap.CROPPED).gPrime(10), 0)) {
            assertThat(count(phi, "conv1")).isEqualTo(3 * 96 * 9);
            assertThat(count(phi, "conv2")).isEqualTo(96 * 96 * 9);
            assertThat(count(phi, "conv3")).isEqualTo(96 * 96 * 9);
            assertThat(count(phi, "conv4")).isEqualTo(96 * 192 * 9);
            assertThat(count(phi, "conv5")).isEqualTo(192 * 192 * 9);
            assertThat(count(phi, "conv6")).isEqualTo(192 * 256 * 16 + 256);
            assertThat(count(phi, "bn1")).isEqualTo(2 * 96);
            assertThat(count(phi, "bn5")).isEqualTo(2 * 192);
            assertThat(phi.parameters().count()).isEqualTo(1_454_176);
            assertThat(count(g, "fc1")).isEqualTo(256 * 64);
            assertThat(count(g, "fc2")).isEqualTo(64 * 10 + 10);
            assertThat(g.parameters().count()).isEqualTo(256 * 64 + 2 * 64 + 650);
            assertThat(count(gPrime, "fc1")).isEqualTo(3072 * 512);
            assertThat(count(gPrime, "fc2")).isEqualTo(512 * 128);
            assertThat(count(gPrime, "fc3")).isEqualTo(128 * 10 + 10);
        }
    }

    private static long count(Network network, String layer) {
        return network.parameters().named().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(layer + "."))
                .mapToLong(entry -> entry.getValue().numel())
                .sum();
    }

    private static List<String> describe(Network network) {
        List<long[]> shapes = network.shapes(CIFAR);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            String name = switch (network.layers().get(i)) {
                case Layer.Convolution c -> c.name();
                case Layer.BatchNormalisation b -> b.name();
                case Layer.Relu _ -> "relu";
                case Layer.CentreCrop _ -> "crop";
                case Layer.Flatten _ -> "flatten";
                case Layer.FullyConnected f -> f.name();
                default -> throw new AssertionError("not a layer of the appendix");
            };
            String shape = String.join(
                    "x", Arrays.stream(shapes.get(i)).mapToObj(Long::toString).toList());
            lines.add(name + " " + shape);
        }
        return lines;
    }
}
