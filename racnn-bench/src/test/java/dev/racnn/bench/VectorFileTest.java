package dev.racnn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorFileTest {
    @TempDir
    private Path folder;

    @Test
    void fvecs_gives_each_vector_without_its_length() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        content.putInt(2).putFloat(1.5f).putFloat(-2);
        content.putInt(2).putFloat(3).putFloat(4);
        Path file = Files.write(folder.resolve("v.fvecs"), content.array());
        VectorFile vectors = VectorFile.read(file);
        assertThat(vectors.size()).isEqualTo(2);
        assertThat(vectors.values()).containsExactly(1.5f, -2, 3, 4);
        content.putInt(12, 3);
        Files.write(file, content.array());
        assertThatThrownBy(() -> VectorFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vector 1 has dimension 3, the first one 2");
        Files.write(file, new byte[] {2, 0, 0, 0, 0});
        assertThatThrownBy(() -> VectorFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("whole number");
    }

    @Test
    void npy_gives_a_row_major_float_array() throws IOException {
        Path file = numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
        VectorFile vectors = VectorFile.read(file);
        assertThat(vectors.dimension()).isEqualTo(3);
        assertThat(vectors.values()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void half_and_double_precision_are_converted() throws IOException {
        // 0x3E00 is 1.5, 0xC000 is -2 in half precision.
        ByteBuffer halves = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3E00)
                .putShort((short) 0xC000);
        assertThat(VectorFile.read(numpy("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1), }", halves))
                        .values())
                .containsExactly(1.5f, -2);
        ByteBuffer doubles = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .putDouble(-3);
        assertThat(VectorFile.read(numpy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", doubles))
                        .values())
                .containsExactly(0.1f, -3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(5000000, 512) | must hold at most 2,147,483,639 numbers to be read into memory, but has 5,000,000"
                        + " vectors of 512; split it",
                "(50000000000, 1) | but has 50,000,000,000 vectors of 1; split it",
                "(5, 0) | must hold at least one vector of at least one number, but its shape is (5, 0)",
                "(0, 5) | its shape is (0, 5)",
                "(7,) | must hold a two-dimensional row-major array"
            })
    void a_shape_that_cannot_be_read_is_named(String shape, String message) throws IOException {
        Path file = numpy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }");
        assertThatThrownBy(() -> VectorFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void other_arrays_and_files_are_refused() throws IOException {
        Path integers = numpy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }");
        assertThatThrownBy(() -> VectorFile.read(integers))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'<i4'");
        Path large = numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }");
        assertThatThrownBy(() -> VectorFile.read(large))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("truncated");
        Path text = Files.writeString(folder.resolve("v.txt"), "1 2 3");
        assertThatThrownBy(() -> VectorFile.read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".fvecs");
    }

    /** An array file with the numbers 0 to 5 after the given header. */
    private Path numpy(String header) throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 6; i++) {
            numbers.putFloat(i);
        }
        return numpy(header, numbers);
    }

    private Path numpy(String header, ByteBuffer numbers) throws IOException {
        ByteBuffer content =
                ByteBuffer.allocate(10 + header.length() + numbers.position()).order(ByteOrder.LITTLE_ENDIAN);
        content.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        content.put(header.getBytes(StandardCharsets.US_ASCII)).put(numbers.flip());
        return Files.write(folder.resolve("v.npy"), content.array());
    }
}
