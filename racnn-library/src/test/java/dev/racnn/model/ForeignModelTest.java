package dev.racnn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose code does what code may do: write, draw, keep, return much, come from elsewhere, fail. */
class ForeignModelTest {
    private static final ImageSize SIZE = new ImageSize(6, 6);
    private static final String TWO_CLASSES = "torch.mean(x, [2, 3])[:, 0:2]";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.sub_(0.5).div_(0.25)",
                "torch.clamp_(torch.mul_(x, 3.0), 0.25, 1.5)",
                "x.copy_(torch.flip(x, [3]) * 2.0)",
                "x.zero_()"
            })
    void a_model_that_writes_into_its_images_answers_like_one_that_does_not(String inPlace) throws IOException {
        String copied = inPlace.replace("x.", "x.clone().").replace("torch.mul_(x", "torch.mul_(x.clone()");
        try (var writes = open("writes.pt", inPlace + ".mean([3])[:, 0:2].sum(2)");
                var reads = open("reads.pt", copied + ".mean([3])[:, 0:2].sum(2)");
                var _ = Scope.open()) {
            Tensor images = images(3);
            float[] before = Tensors.toFloats(images);
            float[] expected = Tensors.toFloats(reads.logits(images));
            for (int i = 0; i < 3; i++) {
                assertThat(Tensors.toFloats(writes.logits(images))).containsExactly(expected);
            }
            assertThat(Tensors.toFloats(images)).containsExactly(before);
            if (!inPlace.contains("zero")) {
                assertThat(gradient(writes, images)).containsExactly(gradient(reads, images));
            }
            assertThat(Tensors.toFloats(images)).containsExactly(before);
        }
    }

    @Test
    void what_a_model_returns_is_no_part_of_it_and_a_function_may_write_too() throws IOException {
        Path file = Scripts.write(
                folder.resolve("keeps.pt"),
                "def forward(self, x: Tensor) -> Tensor:\n    return self.answer\n",
                Map.of("answer", Tensors.of(new float[] {1, 2}, 1, 2)));
        try (var keeps = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2));
                var _ = Scope.open()) {
            keeps.logits(images(1)).zero_();
            assertThat(Tensors.toFloats(keeps.logits(images(1)))).containsExactly(1, 2);
            Tensor images = images(2);
            float[] before = Tensors.toFloats(images);
            FunctionClassifier.of(3, x -> x.zero_().sum(2, 3)).logits(images);
            assertThat(Tensors.toFloats(images)).containsExactly(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "torch.mean(x, [2, 3])[:, 0:2]; true",
                "torch.dropout(x, 0.5, self.training).mean([2, 3])[:, 0:2]; true",
                "torch.dropout(x, 0.5, True).mean([2, 3])[:, 0:2]; false",
                "(x + 1e-5 * torch.randn_like(x)).mean([2, 3])[:, 0:2]; false",
                "self.calls.add_(1.0) + x.mean([2, 3])[:, 0:2]; false"
            })
    void asking_twice_tells_whether_a_model_repeats_itself(String expression, boolean repeats) throws IOException {
        Path file = Scripts.write(
                folder.resolve("model.pt"),
                "def forward(self, x: Tensor) -> Tensor:\n    return " + expression + "\n",
                Map.of("calls", Tensors.of(new float[1], 1)));
        try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2))) {
            assertThat(model.deterministic(SIZE)).isEqualTo(repeats);
        }
    }

    @Test
    void what_is_said_to_be_computed_in_bf16_is() throws IOException {
        Path file = Scripts.write(
                folder.resolve("linear.pt"),
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.matmul(torch.flatten(x, 1), self.w)\n",
                Map.of("w", Tensors.of(new float[] {1 + 1f / 512, 1}, 1, 2)));
        try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2));
                var _ = Scope.open()) {
            Tensor one = Tensors.of(new float[] {1}, 1, 1, 1, 1);
            // bf16 keeps eight binary digits, so that 1 + 1/512 is 1 there.
            assertThat(Tensors.toFloats(new PreciseClassifier(model, Precision.FP32).logits(one)))
                    .containsExactly(1 + 1f / 512, 1);
            assertThat(Tensors.toFloats(new PreciseClassifier(model, Precision.BF16).logits(one)))
                    .containsExactly(1, 1);
        }
    }

    @Test
    void draws_inside_a_model_follow_the_seed() throws IOException {
        try (var model = open("drops.pt", "torch.dropout(x, 0.5, True).mean([2, 3])[:, 0:2]");
                var _ = Scope.open()) {
            Tensor images = images(2);
            new Seed(3).use();
            float[] first = Tensors.toFloats(model.logits(images));
            float[] second = Tensors.toFloats(model.logits(images));
            new Seed(3).use();
            // The first answer came after those to made-up images, which draw as well.
            assertThat(Tensors.toFloats(model.logits(images))).isNotEqualTo(second);
            new Seed(3).use();
            float[] again = Tensors.toFloats(model.logits(images));
            new Seed(3).use();
            assertThat(Tensors.toFloats(model.logits(images)))
                    .containsExactly(again)
                    .isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cuda:0", "cuda:3", "mps:0"})
    void a_model_saved_on_another_device_answers_on_the_cpu(String device) throws IOException {
        Path file = Scripts.write(
                folder.resolve("gpu.pt"), """
                def forward(self, x: Tensor) -> Tensor:
                    y = torch.ones([1], dtype=6, device=torch.device("cpu"))
                    return torch.matmul(torch.flatten(x, 1) * y, self.w)
                """, Map.of("w", Tensors.of(ones(2 * SIZE.bytes()), SIZE.bytes(), 2)));
        Scripts.edit(
                file,
                "data.pkl",
                bytes -> bytes.replace("X\3\0\0\0cpu", "X" + (char) device.length() + "\0\0\0" + device));
        Scripts.edit(file, ".py", code -> code.replace("torch.device(\"cpu\")", "torch.device(\"" + device + "\")"));
        try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2));
                var _ = Scope.open()) {
            Tensor images = images(1);
            float sum = Tensors.toFloats(images.sum())[0];
            assertThat(Tensors.toFloats(model.logits(images))).containsExactly(new float[] {sum, sum}, within(1e-4f));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Half", "BFloat16", "Double", "Float"})
    void weights_of_any_floating_point_type_answer_in_float32(ScalarType type) throws IOException {
        Map<String, Tensor> weights = Map.of(
                "w", Tensors.of(ones(2 * SIZE.bytes()), SIZE.bytes(), 2).to(type), "order", Tensors.of(new int[] {1, 0
                }));
        Path plain = Scripts.write(folder.resolve("plain.pt"), """
            def forward(self, x: Tensor) -> Tensor:
                return torch.matmul(torch.flatten(x, 1), self.w)[:, self.order]
            """, weights);
        // This one insists on its type, so its weights cannot be given another.
        Path strict = Scripts.write(folder.resolve("strict.pt"), """
            def forward(self, x: Tensor) -> Tensor:
                return torch.matmul(torch.flatten(x, 1).to(%s), self.w)[:, self.order]
            """.formatted(type.value), weights);
        for (Path file : List.of(plain, strict)) {
            try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2));
                    var _ = Scope.open()) {
                Tensor images = images(2);
                float[] sums = Tensors.toFloats(images.sum(1, 2, 3));
                Tensor logits = model.logits(images);
                assertThat(logits.scalar_type().intern()).isEqualTo(ScalarType.Float);
                assertThat(Tensors.toFloats(logits))
                        .containsExactly(new float[] {sums[0], sums[0], sums[1], sums[1]}, within(0.5f));
                assertThat(gradient(model, images)).containsOnly(1f);
            }
        }
    }

    @Test
    void images_of_another_size_than_the_model_states_are_refused() throws IOException {
        Path file = Scripts.write(folder.resolve("sized.pt"), TWO_CLASSES);
        Files.writeString(folder.resolve("sized.yml"), "imageSize: [6, 8]\n");
        TorchScriptSettings settings = TorchScriptSettings.beside(file, 2);
        try (var model = TorchScriptClassifier.open(file, settings);
                var _ = Scope.open()) {
            assertThat(settings.imageSize()).isEqualTo(new ImageSize(6, 8));
            assertThat(Tensors.shape(model.logits(torch.rand(new long[] {1, 3, 6, 8}))))
                    .containsExactly(1, 2);
            Tensor other = torch.rand(new long[] {1, 3, 8, 8});
            assertThatThrownBy(() -> model.logits(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("6x8")
                    .hasMessageContaining("8x8");
        }
        Files.writeString(folder.resolve("sized.yml"), "imageSize: wide\n");
        assertThatThrownBy(() -> TorchScriptSettings.beside(file, 2)).hasMessageContaining("imageSize must be");
        Files.writeString(folder.resolve("sized.yaml"), "");
        assertThatThrownBy(() -> TorchScriptSettings.beside(file, 2)).hasMessageContaining("remove one");
        Files.delete(folder.resolve("sized.yml"));
        assertThat(TorchScriptSettings.beside(file, 2)).isEqualTo(TorchScriptSettings.plain(2));
    }

    @Test
    void of_several_outputs_the_one_that_fits_is_taken_and_two_are_told_apart_by_name() throws IOException {
        String logits = "torch.mean(x, [2, 3])[:, 0:2]";
        Path tuple = several("tuple.pt", "Tuple[Tensor, List[Tensor]]", "x, [" + logits + "]");
        Path dictionary = several(
                "dictionary.pt", "Dict[str, Tensor]", "{\"logits\": " + logits + ", \"twice\": 2.0 * " + logits + "}");
        try (var _ = Scope.open()) {
            float[] expected = Tensors.toFloats(images(2).mean(2, 3));
            try (var model = TorchScriptClassifier.open(tuple, TorchScriptSettings.plain(2))) {
                assertThat(Tensors.toFloats(model.logits(images(2))))
                        .containsExactly(expected[0], expected[1], expected[3], expected[4]);
            }
            try (var model = TorchScriptClassifier.open(dictionary, TorchScriptSettings.plain(2))) {
                Tensor images = images(2);
                assertThatThrownBy(() -> model.logits(images))
                        .hasMessageContaining("logits: [2, 2], twice: [2, 2]")
                        .hasMessageContaining("output: 'logits'");
            }
            Files.writeString(folder.resolve("dictionary.yaml"), "output: twice\n");
            try (var model = TorchScriptClassifier.open(dictionary, TorchScriptSettings.beside(dictionary, 2))) {
                assertThat(Tensors.toFloats(model.logits(images(1)))[0]).isEqualTo(2 * expected[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.view([7, 11])", "torch.matmul(x, self.w)", "x.to(\"xla\")", "torch.split(x, 1)[9]"})
    void a_model_that_fails_is_quoted_in_one_short_line(String expression) throws IOException {
        Path file = Scripts.write(
                folder.resolve("fails.pt"),
                "def forward(self, x: Tensor) -> Tensor:\n    return " + expression + "\n",
                Map.of("w", Tensors.of(ones(2), 2, 1)));
        try (var model = TorchScriptClassifier.open(file, TorchScriptSettings.plain(2));
                var _ = Scope.open()) {
            Tensor images = images(1);
            assertThatThrownBy(() -> model.logits(images))
                    .isInstanceOf(IllegalStateException.class)
                    .message()
                    .startsWith(file.toString())
                    .hasSizeLessThan(file.toString().length() + 300)
                    .doesNotContain("\n", "frame #", "Traceback");
        }
    }

    @Test
    void other_archives_and_other_files_are_told_apart() throws IOException {
        Path pickle = archive("weights.pth", "weights/data.pkl");
        assertThatThrownBy(() -> TorchScriptClassifier.open(pickle, TorchScriptSettings.plain(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("torch.save");
        Path other = archive("other.zip", "readme.txt");
        assertThatThrownBy(() -> TorchScriptClassifier.open(other, TorchScriptSettings.plain(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("archive of another kind");
        Path broken = archive("broken.pt", "broken/code/__torch__.py");
        assertThatThrownBy(() -> TorchScriptClassifier.open(broken, TorchScriptSettings.plain(2)))
                .isInstanceOf(IOException.class)
                .message()
                .contains("broken.pt")
                .hasSizeLessThan(400)
                .doesNotContain("\n");
    }

    private Path archive(String name, String entry) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write("x".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return file;
    }

    private Path several(String name, String type, String expression) {
        return Scripts.write(
                folder.resolve(name),
                "def forward(self, x: Tensor) -> %s:\n    return %s\n".formatted(type, expression),
                Map.of());
    }

    private TorchScriptClassifier open(String name, String expression) throws IOException {
        return TorchScriptClassifier.open(
                Scripts.write(folder.resolve(name), expression), TorchScriptSettings.plain(2));
    }

    private static Tensor images(int count) {
        return torch.arange(new Scalar(count * SIZE.bytes()))
                .mul(new Scalar(0.37))
                .frac()
                .reshape(count, 3, SIZE.height(), SIZE.width())
                .to(ScalarType.Float);
    }

    private static float[] gradient(Classifier model, Tensor images) {
        Tensor input = images.clone();
        input.set_requires_grad(true);
        model.logits(input).select(1, 1).sum().backward();
        return Tensors.toFloats(input.grad());
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
