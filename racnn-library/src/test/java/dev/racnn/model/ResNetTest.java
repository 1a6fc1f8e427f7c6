package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.ResNet.Depth;
import dev.racnn.model.ResNet.Stem;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** torchvision 0.28.0's ResNet-18 with weights and images from formulas: names, shapes, features and logits. */
class ResNetTest {
    private static final ResNet RESNET18 = plain(Stem.STANDARD);

    @Test
    void names_and_shapes_are_torchvisions() {
        try (Network phi = Network.random(RESNET18.phi(), 0);
                Network g = Network.random(RESNET18.g(1000), 0)) {
            Map<String, List<Long>> ours = new LinkedHashMap<>();
            for (Network network : List.of(phi, g)) {
                network.state()
                        .forEach((name, tensor) -> ours.put(
                                name,
                                Arrays.stream(Tensors.shape(tensor)).boxed().toList()));
            }
            Map<String, List<Long>> theirs = new LinkedHashMap<>();
            for (JsonNode entry : golden().path("names")) {
                if (!isCounter(entry.get(0).asString())) {
                    List<Long> shape = new ArrayList<>();
                    entry.get(1).forEach(size -> shape.add(size.asLong()));
                    theirs.put(entry.get(0).asString(), shape);
                }
            }
            assertThat(ours).isEqualTo(theirs);
            assertThat(phi.parameters().count() + g.parameters().count())
                    .isEqualTo(golden().path("parameters").asLong());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 224})
    void features_and_logits_agree_with_torchvision(int side) {
        try (Network phi = Network.random(RESNET18.phi(), 0);
                Network g = Network.random(RESNET18.g(1000), 0);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Map<String, Tensor> weights = weights();
            phi.load(weights);
            g.load(weights);
            Tensor features = phi.forward(image(side), Pass.EVALUATION);
            Tensor logits = g.forward(features, Pass.EVALUATION);
            JsonNode expected = golden().path("outputs").path(Integer.toString(side));
            assertAgree(features, expected.path("features"));
            assertAgree(logits, expected.path("logits"));
        }
    }

    @Test
    void a_stem_for_small_images_keeps_the_map_large() {
        assertThat(lastMap(Stem.STANDARD)).containsExactly(512, 2, 2);
        assertThat(lastMap(new Stem(3, 1, true))).containsExactly(512, 4, 4);
        assertThat(lastMap(new Stem(3, 1, false))).containsExactly(512, 8, 8);
    }

    /** For images as they are: the golden numbers are of images that nothing was done to. */
    private static ResNet plain(Stem stem) {
        return new ResNet(Depth.RESNET18, stem, List.of(), List.of());
    }

    private static long[] lastMap(Stem stem) {
        try (Network phi = Network.random(plain(stem).phi(), 0)) {
            return phi.shapes(new dev.racnn.data.ImageSize(64, 64))
                    .get(phi.layers().size() - 3);
        }
    }

    private static void assertAgree(Tensor ours, JsonNode theirs) {
        double[] numbers = Tensors.toDoubles(ours);
        assertThat(theirs.size()).isEqualTo(32);
        for (int i = 0; i < theirs.size(); i++) {
            assertThat(numbers[i]).as("number %d", i).isCloseTo(theirs.get(i).asDouble(), within(1e-4));
        }
    }

    /** Flat index i: 0.5 + 0.5 sin(0.05 i + 0.002 (i mod H)^2). */
    private static Tensor image(int side) {
        float[] pixels = new float[3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            int column = i % side;
            pixels[i] = (float) (0.5 + 0.5 * Math.sin(0.05 * i + 0.002 * column * column));
        }
        return Tensors.of(pixels, 1, 3, side, side);
    }

    /** Tensor k, flat index i, as the golden file states. */
    static Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        int k = -1;
        for (JsonNode entry : golden().path("names")) {
            k++;
            String name = entry.get(0).asString();
            if (isCounter(name)) {
                continue;
            }
            long[] shape = IntStream.range(0, entry.get(1).size())
                    .mapToLong(i -> entry.get(1).get(i).asLong())
                    .toArray();
            float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            double scale = 1.2 * Math.sqrt(2.0 * shape[0] / numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                double value;
                if (shape.length > 1) {
                    value = scale * Math.sin(0.37 * Math.pow(i, 1.5) + k);
                } else if (name.endsWith("running_var")) {
                    value = 1 + 0.3 * Math.pow(Math.cos(0.7 * i + k), 2);
                } else if (name.endsWith("running_mean")) {
                    value = 0.05 * Math.sin(0.9 * i + k);
                } else if (name.endsWith("weight")) {
                    value = 1 + 0.1 * Math.sin(1.1 * i + k);
                } else {
                    value = 0.1 * Math.cos(1.3 * i + k);
                }
                numbers[i] = (float) value;
            }
            weights.put(name, Tensors.of(numbers, shape));
        }
        return weights;
    }

    private static boolean isCounter(String name) {
        return name.endsWith("num_batches_tracked");
    }

    private static JsonNode golden() {
        try (InputStream in = Objects.requireNonNull(ResNetTest.class.getResourceAsStream("resnet18.json"))) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
