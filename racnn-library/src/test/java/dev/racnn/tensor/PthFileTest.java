package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PthFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights-protocol-5.pth", "weights-legacy.pth", "checkpoint.pth"})
    void tensors_come_with_their_names_shapes_and_numbers(String name) throws IOException {
        try (var _ = Scope.open()) {
            PthFile.Contents read = PthFile.read(file(name));
            assertThat(read.tensors().keySet())
                    .containsExactly(
                            "fc.weight", "fc.bias", "turned", "half", "brain", "double", "bn.num_batches_tracked");
            assertHolds(read, "fc.weight", new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
            assertHolds(read, "fc.bias", new long[] {2}, 6, 7);
            assertHolds(read, "turned", new long[] {3, 2}, 1, 4, 2, 5, 3, 6);
            assertHolds(read, "half", new long[] {2}, 0.5f, -2);
            assertHolds(read, "brain", new long[] {2}, 1.5f, -0.25f);
            assertHolds(read, "double", new long[] {}, 1 / 3f);
            assertThat(Tensors.toLongs(tensor(read, "bn.num_batches_tracked"))).containsExactly(1L << 40);
            if (name.equals("checkpoint.pth")) {
                assertThat(read.leftOut())
                        .containsExactly(
                                "epoch (a number)",
                                "best (a number)",
                                "args (a pickled argparse.Namespace)",
                                "optimizer (a dictionary of 2)");
            } else {
                assertThat(read.leftOut()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "module.pth, a pickled torchvision.models.resnet.ResNet",
        "module-legacy.pth, a pickled torchvision.models.resnet.ResNet",
        "evil.pth, a pickled posix.system",
        "tensor.pth, a single tensor without a name"
    })
    void pickled_models_and_other_objects_are_refused_by_name_and_no_code_runs(String name, String what) {
        Path trace = Path.of("/tmp/pth-was-here");
        assertThatThrownBy(() -> PthFile.read(file(name)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(what);
        assertThat(trace).doesNotExist();
    }

    @Test
    void an_object_among_the_weights_is_left_out_and_said() throws IOException {
        try (var _ = Scope.open()) {
            PthFile.Contents read = PthFile.read(file("evil-inside.pth"));
            assertThat(read.tensors()).hasSize(7);
            assertThat(read.leftOut()).containsExactly("extra (a pickled posix.system)");
            assertThat(Path.of("/tmp/pth-was-here")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights-legacy.pth"})
    void a_file_that_was_cut_or_changed_is_named_or_read_but_never_more(String name) throws IOException {
        byte[] whole = Files.readAllBytes(file(name));
        Path broken = folder.resolve("broken.pth");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(broken, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PthFile.read(broken))
                    .as("%s bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken.pth");
        }
        for (int place = 0; place < whole.length; place += 3) {
            byte[] changed = whole.clone();
            changed[place] ^= 0x5A;
            Files.write(broken, changed);
            try (var _ = Scope.open()) {
                assertThat(PthFile.read(broken).tensors().size()).isLessThanOrEqualTo(7);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("broken.pth");
            }
        }
    }

    private static void assertHolds(PthFile.Contents read, String name, long[] shape, float... numbers) {
        Tensor tensor = tensor(read, name);
        assertThat(Tensors.shape(tensor)).containsExactly(shape);
        assertThat(Tensors.toFloats(tensor)).containsExactly(numbers, within(1e-7f));
    }

    private static Tensor tensor(PthFile.Contents read, String name) {
        return Objects.requireNonNull(read.tensors().get(name));
    }

    private static Path file(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(PthFileTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
