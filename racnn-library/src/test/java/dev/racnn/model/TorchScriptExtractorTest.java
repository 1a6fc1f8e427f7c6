package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchScriptExtractorTest {
    private static final TorchScriptSettings SETTINGS =
            new TorchScriptSettings(2, List.of(), List.of(), Bounds.UNIT, List.of(), new ImageSize(4, 4), null, null);

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    /** body (twice the pixels, ReLU of 1 minus them, means) -> head (a linear layer) -> softmax. */
    @BeforeEach
    void a_classifier_of_modules_in_modules() {
        file = folder.resolve("nested.pt");
        try (var _ = Scope.open()) {
            JitModule act = Scripts.module(
                    "def forward(self, x: Tensor) -> Tensor:\n    return torch.relu(1.0 - x)\n", Map.of());
            JitModule body = Scripts.empty("Body");
            body.register_module("act", act);
            body.define("""
                def forward(self, x: Tensor) -> Tensor:
                    return torch.mean(self.act.forward(2.0 * x), [2, 3], True)
                """);
            JitModule head = Scripts.module(
                    "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.weight)\n",
                    Map.of("weight", Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));
            JitModule model = Scripts.empty("Model");
            model.register_module("body", body);
            model.register_module("head", head);
            model.define("""
                def features(self, x: Tensor) -> Tensor:
                    return self.body.forward(x)
                def forward(self, x: Tensor) -> Tensor:
                    return torch.softmax(self.head.forward(torch.flatten(self.features(x), 1)), 1)
                """);
            model.save(file.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"body, 3", "head, 2", "penultimate, 3", ", 2"})
    void features_are_the_output_of_the_model_or_of_a_module_inside(@Nullable String inner, int dimension)
            throws IOException {
        try (var extractor = TorchScriptExtractor.open(file, SETTINGS, inner, Precision.FP32);
                var _ = Scope.open()) {
            assertThat(extractor.dimension()).isEqualTo(dimension);
            Tensor images = torch.rand(new long[] {2, 3, 4, 4}).set_requires_grad(true);
            Tensor body = torch.relu(
                            images.mul(new org.bytedeco.pytorch.Scalar(-2.0)).add(new org.bytedeco.pytorch.Scalar(1.0)))
                    .mean(2, 3);
            Tensor logits = torch.linear(body, Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
            Tensor expected = dimension == 3 ? body : inner == null ? torch.softmax(logits, 1) : logits;
            Tensor features = extractor.features(images);
            assertThat(Tensors.toFloats(features)).containsExactly(Tensors.toFloats(expected), within(1e-5f));
            assertThat(gradient(features, images)).containsExactly(gradient(expected, images), within(1e-5f));
        }
    }

    @Test
    void of_several_outputs_the_one_that_ends_in_a_linear_layer_has_a_penultimate_one() throws IOException {
        Path pair = Scripts.write(
                folder.resolve("pair.pt"), """
                def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
                    f = x.mean([2, 3])
                    return x, torch.linear(f, self.weight)
                """, Map.of("weight", Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));
        try (var extractor = TorchScriptExtractor.open(pair, SETTINGS, "penultimate", Precision.FP32);
                var _ = Scope.open()) {
            Tensor images = torch.rand(new long[] {2, 3, 4, 4});
            assertThat(Tensors.toFloats(extractor.features(images)))
                    .containsExactly(Tensors.toFloats(images.mean(2, 3)), within(1e-6f));
        }
    }

    @Test
    void what_cannot_serve_is_said_in_one_line() throws IOException {
        assertRefused("x.mean([2, 3])", "neck", "there is no module 'neck' in the model");
        assertRefused("x.mean([2, 3])", "penultimate", "does not end in a linear layer");
        assertRefused("x", null, "flat features of shape [n, d], but returns [2, 3, 4, 4]");
        assertRefused("torch.dropout(x, 0.5, True).mean([2, 3])", null, "answers at random");
        assertRefused("x.detach().mean([2, 3])", null, "must have gradients");
        assertRefused("torch.round(x).mean([2, 3]).to(3).to(6)", null, "must have gradients");
        assertRefused("x.view([2, 3, 8, 8]).mean([2, 3])", null, "must take images of shape [2, 3, 4, 4]");
        assertThatThrownBy(() -> TorchScriptExtractor.open(file, TorchScriptSettings.plain(2), null, Precision.FP32))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("imageSize: 224");
    }

    @Test
    void in_bf16_features_are_those_of_fp32_up_to_its_rounding() throws IOException {
        try (var exact = TorchScriptExtractor.open(file, SETTINGS, "head", Precision.FP32);
                var rounded = TorchScriptExtractor.open(file, SETTINGS, "head", Precision.BF16);
                var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor images = torch.rand(new long[] {8, 3, 4, 4});
            float[] expected = Tensors.toFloats(exact.features(images));
            float[] features = Tensors.toFloats(rounded.features(images));
            assertThat(features).isNotEqualTo(expected).containsExactly(expected, within(0.1f));
        }
    }

    private void assertRefused(String expression, @Nullable String inner, String reason) {
        Path other = Scripts.write(folder.resolve("other.pt"), expression);
        assertThatThrownBy(() -> TorchScriptExtractor.open(other, SETTINGS, inner, Precision.FP32))
                .as(expression)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.pt")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private static float[] gradient(Tensor features, Tensor images) {
        images.mutable_grad().put(new Tensor());
        features.select(1, 0).sum().backward();
        return Tensors.toFloats(images.grad());
    }
}
