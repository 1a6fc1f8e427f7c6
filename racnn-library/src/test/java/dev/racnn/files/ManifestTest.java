package dev.racnn.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    record Contents(int rows, List<String> names, long later) {}

    private static final Manifest<Contents> MANIFEST =
            new Manifest<>(Contents.class, "contents.json", 3, "box", "pack the box again");

    @TempDir
    Path folder;

    @Test
    void what_is_written_is_read() throws IOException {
        Contents contents = new Contents(7, List.of("a", "ü"), 1L << 40);
        assertThat(MANIFEST.isIn(folder)).isFalse();
        MANIFEST.write(folder, contents);
        assertThat(MANIFEST.isIn(folder)).isTrue();
        assertThat(MANIFEST.read(folder)).isEqualTo(contents);
    }

    @Test
    void a_number_that_an_earlier_version_did_not_write_is_0() throws IOException {
        record Earlier(int rows, List<String> names) {}
        new Manifest<>(Earlier.class, "contents.json", 3, "box", "").write(folder, new Earlier(7, List.of()));
        assertThat(MANIFEST.read(folder)).isEqualTo(new Contents(7, List.of(), 0));
    }

    @Test
    void every_changed_letter_is_noticed() throws IOException {
        MANIFEST.write(folder, new Contents(7, List.of("a", "b"), 8));
        byte[] sound = Files.readAllBytes(folder.resolve("contents.json"));
        for (int i = 0; i < sound.length; i++) {
            if (!Character.isLetterOrDigit(sound[i])) {
                continue;
            }
            byte[] changed = sound.clone();
            changed[i] ^= 1;
            Files.write(folder.resolve("contents.json"), changed);
            assertThatThrownBy(() -> MANIFEST.read(folder))
                    .as(new String(changed, StandardCharsets.UTF_8))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageMatching("(?s).*(is damaged: .*pack the box again|has format version [02], but .*)");
        }
    }

    @Test
    void a_folder_without_one_is_named() {
        assertThatThrownBy(() -> MANIFEST.read(folder))
                .hasMessage("box %s has no contents.json; it does not exist or its building was not finished"
                        .formatted(folder));
    }

    @Test
    void a_data_file_is_whole_or_named() throws IOException {
        Path file = folder.resolve("numbers");
        Files.write(file, "123456789".getBytes(StandardCharsets.US_ASCII));
        // The check value of CRC-32C.
        DataFile stated = new DataFile("numbers", 9, "e3069283");
        assertThat(DataFile.of(file)).isEqualTo(stated);
        stated.verify(folder, "");
        Files.write(file, "123456780".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> stated.verify(folder, "ask for another"))
                .hasMessageStartingWith(file + " is damaged")
                .hasMessageEndingWith("; ask for another");
        Files.delete(file);
        assertThatThrownBy(() -> stated.verify(folder, "ask for another"))
                .hasMessage(file + " is missing; ask for another");
    }
}
