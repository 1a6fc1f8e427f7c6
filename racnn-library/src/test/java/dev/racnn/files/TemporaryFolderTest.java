package dev.racnn.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
    @TempDir
    Path home;

    @Test
    void a_folder_goes_with_what_is_in_it_when_it_is_closed() throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create(home, "graph")) {
            Files.writeString(folder.path().resolve("file"), "content");
        }
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void what_a_killed_process_left_goes_and_what_is_in_use_stays() throws IOException {
        Path left = Files.createDirectory(home.resolve("graph123"));
        Files.writeString(left.resolve("file"), "content");
        Files.createFile(home.resolve("graph123.lock"));
        Path others = Files.createDirectory(home.resolve("graphs"));
        try (TemporaryFolder first = TemporaryFolder.create(home, "graph")) {
            assertThat(left).doesNotExist();
            assertThat(home.resolve("graph123.lock")).doesNotExist();
            try (TemporaryFolder _ = TemporaryFolder.create(home, "graph")) {
                assertThat(first.path()).isDirectory();
            }
            assertThat(others).isDirectory();
        }
    }
}
