package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.model.Layer.FullyConnected;
import dev.racnn.model.ResNet.Depth;
import dev.racnn.model.ResNet.Stem;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
    private static final ResNet RESNET18 = ResNet.imageNet(Depth.RESNET18, Stem.STANDARD);

    @TempDir
    private Path folder;

    @Test
    void weights_of_torchvisions_names_load_into_a_resnet18() throws IOException {
        Path file = folder.resolve("resnet18.safetensors");
        try (var _ = Scope.open()) {
            Map<String, Tensor> weights = ResNetTest.weights();
            weights.put("bn1.num_batches_tracked", Tensors.of(new float[] {7}, 1));
            SafeTensors.write(file, weights, Map.of());
        }
        try (Network phi = Network.random(RESNET18.phi(), 0);
                Network g = Network.random(RESNET18.g(1000), 0);
                var _ = Scope.open()) {
            WeightsFile read = WeightsFile.read(file);
            read.load(phi, name -> name.startsWith("fc."));
            read.load(g, phi.state()::containsKey);
            assertThat(Tensors.toFloats(Objects.requireNonNull(phi.state().get("layer4.1.conv2.weight"))))
                    .isEqualTo(Tensors.toFloats(
                            Objects.requireNonNull(ResNetTest.weights().get("layer4.1.conv2.weight"))));
            assertThat(Tensors.toFloats(Objects.requireNonNull(g.state().get("fc.bias"))))
                    .isEqualTo(Tensors.toFloats(
                            Objects.requireNonNull(ResNetTest.weights().get("fc.bias"))));
        }
    }

    @Test
    void a_state_dictionary_that_torch_save_wrote_loads_too() throws IOException {
        try (Network network = Network.random(List.of(new FullyConnected("fc", 3, 2, false)), 0);
                var _ = Scope.open()) {
            WeightsFile read = WeightsFile.read(file("/dev/racnn/tensor/weights.pth"));
            read.load(network, name -> !name.startsWith("fc.") || name.equals("fc.bias"));
            assertThat(Tensors.toFloats(network.parameters().values())).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void weights_of_another_network_name_what_is_missing_extra_and_misshapen() throws IOException {
        Path file = folder.resolve("other.safetensors");
        try (Network phi = Network.random(RESNET18.phi(), 0);
                var _ = Scope.open()) {
            Map<String, Tensor> others = new LinkedHashMap<>(phi.state());
            others.remove("conv1.weight");
            others.put("layer1.0.conv3.weight", Tensors.of(new float[1], 1));
            others.put("bn1.bias", Tensors.of(new float[65], 65));
            SafeTensors.write(file, others, Map.of());
            float[] before = Tensors.toFloats(phi.parameters().values());
            assertThatThrownBy(() -> WeightsFile.read(file).load(phi, name -> name.startsWith("fc.")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it lacks conv1.weight;")
                    .hasMessageContaining("it has layer1.0.conv3.weight as well")
                    .hasMessageContaining("bn1.bias has shape [65] instead of [64]");
            assertThat(Tensors.toFloats(phi.parameters().values())).isEqualTo(before);
            assertThatThrownBy(() -> WeightsFile.read(file("/dev/racnn/tensor/weights.pth"))
                            .load(phi, _ -> false))
                    .hasMessageContaining("conv1.weight, bn1.weight, bn1.bias, layer1.0.conv1.weight and 96 more");
        }
    }

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(WeightsFileTest.class.getResource(name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
