package dev.racnn.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

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

    @Test
    void a_link_stays_a_link_and_its_target_is_written() throws IOException {
        Path target = folder.resolve("target");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
        Path linkToLink = Files.createSymbolicLink(folder.resolve("second"), link);
        AtomicFile.write(linkToLink, "new");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.isSymbolicLink(linkToLink)).isTrue();
        assertThat(target).hasContent("new");

        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThatThrownBy(() -> AtomicFile.write(loop, "new"))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("leads nowhere");
    }

    @Test
    void devices_and_pipes_are_written_into() throws IOException, InterruptedException {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();
        AtomicFile.requireWritable(device);
        AtomicFile.write(device, "lost");
        assertThat(Files.isRegularFile(device)).isFalse();

        Path pipe = folder.resolve("pipe");
        assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        AtomicFile.requireWritable(pipe);
        AtomicFile.write(pipe, "through the pipe");
        assertThat(reader.inputReader().readLine()).isEqualTo("through the pipe");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    @Test
    void a_folder_is_not_replaced() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> AtomicFile.write(empty, "new")).hasMessageContaining("is a folder");
        assertThat(empty).isDirectory();
    }
}
