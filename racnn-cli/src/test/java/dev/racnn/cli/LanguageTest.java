package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines read is the same for users of every language: here one with digits of its own. */
class LanguageTest {
    private static final Pattern LOCAL_DIGIT = Pattern.compile("[\\p{Nd}&&[^0-9]]");

    private final Locale before = Locale.getDefault();

    @TempDir
    Path folder;

    @BeforeEach
    void speak_arabic() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        assertThat(LOCAL_DIGIT.matcher("%d".formatted(1)).find()).isTrue();
    }

    @AfterEach
    void speak_as_before() {
        Locale.setDefault(before);
    }

    @Test
    void training_attack_and_evaluation_write_ascii_digits_and_names() throws IOException {
        Path images = folder.resolve("images");
        for (int i = 0; i < 4; i++) {
            for (String split : List.of("train", "test")) {
                writeImage(images.resolve(split + "/dark/" + i + ".png"), 20 + 10 * i);
                writeImage(images.resolve(split + "/light/" + i + ".png"), 160 + 10 * i);
            }
        }
        Path bundle = folder.resolve("bundle");
        run(
                "train",
                "--data=folder:" + images,
                "--out=" + bundle,
                "--set=model=baseline",
                "--set=training.epochs=2",
                "--set=training.batch=4",
                "--set=precision=fp32");
        String model = "--model=" + bundle;
        String data = "--data=folder:" + images;
        for (String curve : List.of("curve.svg", "curve.csv")) {
            run(
                    "attack",
                    model,
                    data,
                    "--attack=fgsm",
                    "--set=epsilons=20",
                    "--limit=6",
                    "--epsilon=0.5",
                    "--json=" + folder.resolve("attack.json"),
                    "--curve=" + folder.resolve(curve),
                    "--images=" + folder.resolve("adversarial"));
        }
        run("evaluate", model, data, "--limit=1", "--out=" + folder.resolve("evaluation"));

        List<Path> written;
        try (Stream<Path> files = Files.walk(folder)) {
            written = files.filter(Files::isRegularFile).toList();
        }
        assertThat(written)
                .extracting(file -> file.getFileName().toString())
                .contains("training-curve.svg", "adversarial.npy", "curve.csv", "report.html", "evaluation.json")
                .anyMatch(name -> name.matches("[0-9]{5}-label-[01]\\.png"))
                .noneMatch(name -> LOCAL_DIGIT.matcher(name).find());
        for (Path file : written) {
            if (!file.toString().endsWith(".png") && !file.toString().endsWith(".safetensors")) {
                byte[] bytes = Files.readAllBytes(file);
                // Of an array only the header is text.
                int length = file.toString().endsWith(".npy") ? 128 : bytes.length;
                String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
                assertThat(LOCAL_DIGIT.matcher(text).find()).as(file.toString()).isFalse();
            }
        }
    }

    private static void run(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(LOCAL_DIGIT.matcher(run.out()).find()).as(run.out()).isFalse();
    }

    private static void writeImage(Path file, int grey) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            image.setRGB(i % 32, i / 32, (grey + i % 7) * 0x010101);
        }
        ImageIO.write(image, "png", file.toFile());
    }
}
