package dev.racnn.retrieval;

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
    void other_arrays_and_files_are_refused() throws IOException {
        Path doubles = numpy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
        assertThatThrownBy(() -> VectorFile.read(doubles))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'<f8'");
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
        ByteBuffer content = ByteBuffer.allocate(10 + header.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
        content.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        content.put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 6; i++) {
            content.putFloat(i);
        }
        return Files.write(folder.resolve("v.npy"), content.array());
    }
}
