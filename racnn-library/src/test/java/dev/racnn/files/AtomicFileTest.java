package dev.racnn.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void a_failed_write_names_the_file_and_leaves_what_was_there() throws IOException {
        Path file = folder.resolve("model");
        AtomicFile.write(file, "before");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(
                        "%s: could not be written (No space left on device); make room and run the same command again"
                                .formatted(file));
        assertThat(file).hasContent("before");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void a_write_replaces_what_was_there() throws IOException {
        Path file = folder.resolve("new/model");
        AtomicFile.write(file, "before");
        AtomicFile.write(file, "after");
        assertThat(file).hasContent("after");
    }
}
