package dev.racnn.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataInfoTest {
    @TempDir
    Path folder;

    @Test
    void what_was_found_and_what_is_not_used_is_said() throws IOException {
        image("train/cat/1.png", 40, 30);
        image("train/cat/2.png", 20, 50);
        image("train/dog/3.png", 32, 32);
        image("test/dog/4.png", 8, 9);
        image("val/dog/5.png", 8, 9);
        Files.writeString(folder.resolve("train/dog/notes.txt"), "not an image");
        CommandRun run = info();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .contains(
                        "classes     2",
                        "training    3 images, from 30 to 50 pixels high and from 20 to 40 wide",
                        "test        1 images, 9x8",
                        "    0         2         0  cat",
                        "    1         1         1  dog")
                .anyMatch(line -> line.startsWith("note ") && line.contains("val: is not used"))
                .anyMatch(line -> line.startsWith("note ") && line.contains("dog/notes.txt"));
    }

    @Test
    void every_damaged_image_is_named() throws IOException {
        image("train/cat/1.png", 8, 8);
        image("test/cat/1.png", 8, 8);
        Path first = Files.writeString(folder.resolve("train/cat/2.png"), "nothing");
        Path second = Files.writeString(folder.resolve("test/cat/3.png"), "nothing");
        CommandRun run = info();

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("racnn: " + first, "racnn: " + second);
        assertThat(run.out()).contains("training    2 images, 8x8, 1 of them damaged");
    }

    private CommandRun info() {
        return CommandRun.of("data", "info", "folder:" + folder);
    }

    private void image(String name, int width, int height) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }
}
