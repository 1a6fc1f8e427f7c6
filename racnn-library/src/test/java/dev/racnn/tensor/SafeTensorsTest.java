package dev.racnn.tensor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    private Path folder;

    @Test
    void what_is_written_is_read_again() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (var _ = Scope.open()) {
            SafeTensors.write(file, tensors(), Map.of("epoch", "3"));
            SafeTensors.Contents read = SafeTensors.read(file);
            assertThat(read.metadata()).containsExactly(Map.entry("epoch", "3"));
            assertThat(read.tensors().keySet()).containsExactly("w", "b");
            Tensor w = Objects.requireNonNull(read.tensors().get("w"));
            assertThat(Tensors.shape(w)).containsExactly(2, 3);
            assertThat(Tensors.toFloats(w)).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void the_layout_is_that_of_the_format() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (var _ = Scope.open()) {
            SafeTensors.write(file, tensors(), Map.of());
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong());
        byte[] json = new byte[header];
        bytes.get(json);
        assertThat(header % 8).isZero();
        assertThat(new String(json, US_ASCII).trim())
                .isEqualTo("{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[24,28]}}");
        assertThat(bytes.getFloat()).isEqualTo(1);
        assertThat(bytes.getFloat()).isEqualTo(2);
        assertThat(bytes.remaining()).isEqualTo(5 * Float.BYTES);
    }

    @Test
    void halves_take_half_the_room_and_are_rounded_to_eleven_bits() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Path halves = folder.resolve("halves.safetensors");
        try (var _ = Scope.open()) {
            // 2049 lies between 2048 and 2050, and 0.1 between 1638 and 1639 / 16384.
            Map<String, Tensor> numbers = Map.of("w", Tensors.of(new float[] {1, -2049, 0.1f, 65504}, 4));
            SafeTensors.write(file, numbers, Map.of());
            SafeTensors.writeHalves(halves, numbers, Map.of());
            // The headers differ in digits too.
            assertThat(Files.size(file) - Files.size(halves)).isGreaterThanOrEqualTo(4 * 2);
            assertThat(Tensors.toFloats(Objects.requireNonNull(
                            SafeTensors.read(halves).tensors().get("w"))))
                    .containsExactly(1, -2048, 1638 / 16384f, 65504);

            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            SafeTensors.writeHalves(halves, Map.of("w", Tensors.of(new float[] {70_000}, 1)), Map.of()))
                    .withMessageContainingAll("w", "65504", "70000");
        }
    }

    @Test
    void a_truncated_file_is_named_with_what_is_missing() throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (var _ = Scope.open()) {
            SafeTensors.write(file, tensors(), Map.of());
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {0, 7, 20, whole.length - 1}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> SafeTensors.read(file))
                        .as("%d bytes", length)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("a.safetensors");
            }
        }
    }

    @Test
    void other_types_and_other_files_are_refused() throws IOException {
        Path file = folder.resolve("a.safetensors");
        byte[] json = "{\"w\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[0,2]}} ".getBytes(US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 2).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).array());
        assertThatThrownBy(() -> SafeTensors.read(file)).hasMessageContaining("I16");
        Files.writeString(file, "this is no tensor file at all");
        assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(IOException.class);
    }

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("b", Tensors.of(new float[] {7}, 1));
        return tensors;
    }
}
