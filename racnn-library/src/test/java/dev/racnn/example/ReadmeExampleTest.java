package dev.racnn.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.evaluation.TinyBundle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeExampleTest {
    @TempDir
    private Path folder;

    @Test
    void the_readme_shows_this_code() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/racnn/example/ClassifyAnImage.java"));
        String shown = source.substring(source.indexOf("try (var racnn"), source.lastIndexOf("    }\n}"))
                .replaceAll("(?m)^ {8}", "");
        assertThat(Files.readString(Path.of("../README.md"))).contains(shown.strip());
        assertThat(shown.strip()).hasLineCount(6);
    }

    @Test
    void it_tells_dark_images_from_light_ones() throws IOException {
        TinyBundle.make(folder.resolve("bundle"));
        assertThat(ClassifyAnImage.classify(folder.resolve("bundle"), image("dark.png", 0x202020)))
                .isEqualTo("dark");
        assertThat(ClassifyAnImage.classify(folder.resolve("bundle"), image("light.png", 0xd0d0d0)))
                .isEqualTo("light");
    }

    private Path image(String name, int colour) throws IOException {
        BufferedImage image = new BufferedImage(48, 40, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, colour);
            }
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }
}
