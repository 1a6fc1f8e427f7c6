package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.data.Preprocessing;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptClassifierTest {
    @TempDir
    Path folder;

    @Test
    void mean_and_std_are_applied_and_outputs_are_picked_by_the_label_map() throws IOException {
        TorchScriptSettings settings = new TorchScriptSettings(
                10, List.of(0.1, 0.2, 0.3), List.of(0.5, 0.25, 2.0), Bounds.UNIT, List.of(7, 2), null, null, null);
        try (var plain = TorchScriptClassifier.open(model(), TorchScriptSettings.plain(10));
                var mapped = TorchScriptClassifier.open(model(), settings);
                var _ = Scope.open()) {
            Tensor images = torch.rand(new long[] {2, 3, 32, 32});
            Tensor normalised = images.sub(Tensors.of(new float[] {0.1f, 0.2f, 0.3f}, 1, 3, 1, 1))
                    .div(Tensors.of(new float[] {0.5f, 0.25f, 2f}, 1, 3, 1, 1));
            float[] expected = Tensors.toFloats(plain.logits(normalised));
            float[] logits = Tensors.toFloats(mapped.logits(images));
            assertThat(mapped.classes()).isEqualTo(2);
            assertThat(logits)
                    .containsExactly(new float[] {expected[7], expected[2], expected[17], expected[12]}, within(1e-4f));
        }
    }

    @Test
    void gradients_agree_with_finite_differences() throws IOException {
        try (var model = TorchScriptClassifier.open(model(), TorchScriptSettings.plain(10));
                var _ = Scope.open()) {
            Tensor image = torch.rand(new long[] {1, 3, 32, 32});
            image.set_requires_grad(true);
            model.logits(image).select(1, 3).sum().backward();
            Tensor gradient = image.grad();
            // Along the gradient itself the slope is its squared length, far above the rounding of the logits.
            double slope = Tensors.toDoubles(gradient.mul(gradient).sum())[0];
            double step = 0.01 / slope;
            Tensor move = gradient.mul(new Scalar(step));
            double up = Tensors.toDoubles(model.logits(image.add(move)).select(1, 3))[0];
            double down = Tensors.toDoubles(model.logits(image.sub(move)).select(1, 3))[0];
            assertThat((up - down) / (2 * step)).isCloseTo(slope, within(0.02 * slope));
        }
    }

    /** Scripts that take images channels-last, that refuse them, and that silently mix up their pixels. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.flatten(argument_1, 1)",
                "torch.view(argument_1, [torch.size(argument_1, 0), -1])",
                "torch.as_strided(argument_1, [torch.size(argument_1, 0), 1024], [1024, 1])"
            })
    void answers_do_not_depend_on_how_the_script_reads_memory(String flatten) throws IOException {
        try (var plain = TorchScriptClassifier.open(model(), TorchScriptSettings.plain(10));
                var other = TorchScriptClassifier.open(flattening(flatten), TorchScriptSettings.plain(10));
                var _ = Scope.open()) {
            Tensor images = torch.rand(new long[] {5, 3, 32, 32});
            assertThat(Tensors.toFloats(other.logits(images)))
                    .containsExactly(Tensors.toFloats(plain.logits(images)), within(1e-4f));
            assertThat(gradient(other, images)).containsExactly(gradient(plain, images), within(1e-5f));
        }
    }

    @Test
    void a_model_with_normalisation_is_frozen_and_answers_and_has_gradients_as_its_script() throws IOException {
        Path file = folder.resolve("normalised.pt");
        try (JitModule script = new JitModule(new QualifiedName("__torch__.Normalised"));
                var _ = Scope.open()) {
            script.register_buffer("weight", torch.randn(new long[] {4, 3, 3, 3}));
            script.register_buffer("mean", torch.randn(new long[] {4}));
            script.register_buffer("variance", torch.rand(new long[] {4}).add(new Scalar(0.1)));
            script.register_buffer("scale", torch.randn(new long[] {4}));
            script.define("""
                def forward(self, x: Tensor) -> Tensor:
                    x = torch.conv2d(x, self.weight)
                    x = torch.batch_norm(x, self.scale, self.mean, self.mean, self.variance, False, 0.1, 0.00001, False)
                    return torch.relu(x).mean([2, 3])
                """);
            script.save(file.toString());
            try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(4))) {
                Tensor images = torch.rand(new long[] {5, 3, 16, 16});
                Tensor input = images.clone().set_requires_grad(true);
                Tensor answer =
                        script.forward(new IValueVector(new IValue(input))).toTensor();
                answer.select(1, 3).sum().backward();
                assertThat(Tensors.toFloats(model.logits(images)))
                        .containsExactly(Tensors.toFloats(answer), within(1e-4f));
                assertThat(gradient(model, images)).containsExactly(Tensors.toFloats(input.grad()), within(1e-5f));
            }
        }
    }

    @Test
    void a_script_that_fails_is_quoted_with_its_own_reason() throws IOException {
        try (var model = TorchScriptClassifier.open(
                        flattening("torch.view(argument_1, [7, 1024])"), TorchScriptSettings.plain(10));
                var _ = Scope.open()) {
            Tensor images = torch.rand(new long[] {2, 3, 32, 32});
            assertThatThrownBy(() -> model.logits(images))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[2, 3, 32, 32]")
                    .hasMessageContaining("shape '[7, 1024]' is invalid");
        }
    }

    private static float[] gradient(TorchScriptClassifier model, Tensor images) {
        Tensor input = images.detach();
        input.set_requires_grad(true);
        model.logits(input).select(1, 3).sum().backward();
        return Tensors.toFloats(input.grad());
    }

    /** The model with another way to flatten its features. */
    private Path flattening(String expression) throws IOException {
        Path changed = Files.copy(model(), folder.resolve("changed.pt"));
        try (FileSystem archive = FileSystems.newFileSystem(changed)) {
            Path script = archive.getPath("open/code/__torch__/torch/nn/modules/flatten.py");
            Files.writeString(script, Files.readString(script).replace("torch.flatten(argument_1, 1)", expression));
        }
        return changed;
    }

    @Test
    void another_number_of_classes_is_refused_with_both_numbers() throws IOException {
        try (var model = TorchScriptClassifier.open(model(), TorchScriptSettings.plain(200));
                var _ = Scope.open()) {
            Tensor images = torch.rand(new long[] {1, 3, 32, 32});
            assertThatThrownBy(() -> model.logits(images))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[n, 200]")
                    .hasMessageContaining("[1, 10]");
        }
    }

    @Test
    void a_file_that_is_no_torchscript_is_named() throws IOException {
        Path file = Files.writeString(folder.resolve("model.pt"), "weights");
        assertThatThrownBy(() -> TorchScriptClassifier.open(file, TorchScriptSettings.plain(10)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("TorchScript");
        assertThatThrownBy(
                        () -> TorchScriptClassifier.open(folder.resolve("missing.pt"), TorchScriptSettings.plain(10)))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void settings_come_from_the_yaml_file_beside_the_model() throws IOException {
        Path file = folder.resolve("net.v2.pt");
        assertThat(TorchScriptSettings.beside(file, 10)).isEqualTo(TorchScriptSettings.plain(10));
        Files.writeString(folder.resolve("net.v2.yaml"), """
            outputs: 1000
            mean: [0.485, 0.456, 0.406]
            std: [0.229, 0.224, 0.225]
            bounds: [0, 1]
            labelMap: [3, 9, 27]
            """);
        TorchScriptSettings settings = TorchScriptSettings.beside(file, 10);
        assertThat(settings.classes()).isEqualTo(3);
        assertThat(settings.imageSize()).isNull();
        assertThat(settings.std()).containsExactly(0.229, 0.224, 0.225);
    }

    @Test
    void the_short_side_may_be_longer_than_what_is_cut_out() throws IOException {
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "imageSize: 224\nresize: 256\n");
        Preprocessing stated =
                TorchScriptSettings.read(yaml, 10).preprocessing().orElseThrow();
        assertThat(stated).hasToString("short side 256, centre 224x224, bilinear");
        Files.writeString(yaml, "imageSize: 224\nresize: 200\n");
        assertThatThrownBy(() -> TorchScriptSettings.read(yaml, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("resize must be from 224 to 4096");
        Files.writeString(yaml, "resize: 256\n");
        assertThatThrownBy(() -> TorchScriptSettings.read(yaml, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("resize must stand beside an imageSize");
    }

    @Test
    void wrong_settings_say_what_is_wrong() throws IOException {
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "meen: [1, 2, 3]\n");
        assertThatThrownBy(() -> TorchScriptSettings.read(yaml, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("meen");
        Files.writeString(yaml, "mean: [1, 2, 3]\nstd: [1, 0, 1]\n");
        assertThatThrownBy(() -> TorchScriptSettings.read(yaml, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("std must be positive");
        Files.writeString(yaml, "labelMap: [1, 10]\n");
        assertThatThrownBy(() -> TorchScriptSettings.read(yaml, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("from 0 to 9");
    }

    private static Path model() {
        try {
            return Path.of(
                    Objects.requireNonNull(TorchScriptClassifierTest.class.getResource("/dev/racnn/attack/open.pt"))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
