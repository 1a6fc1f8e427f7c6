package dev.racnn.cli.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.CommandRun;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The trained RaCNN with a few candidates, attacked from the command line by somebody who knows them. */
class AdaptiveCommandTest {
    private static final Path TRAINED = Path.of("../models/cifar10-racnn-k10-mixup");
    private static final String BASELINE = "../models/cifar10-baseline";
    private static final int OF_EACH_CLASS = 4;

    @TempDir
    private static Path folder;

    private static Path bundle;
    private static String data;

    @BeforeAll
    static void indexSomeImages() throws IOException {
        bundle = Files.createDirectory(folder.resolve("bundle"));
        for (String file : List.of("bundle.json", "weights.safetensors")) {
            Files.copy(TRAINED.resolve(file), bundle.resolve(file));
        }
        Dataset images = DataSource.parse("bundled").train();
        int[] written = new int[images.classNames().size()];
        for (int i = 0; i < images.size(); i++) {
            int number = written[images.label(i)]++;
            if (number < OF_EACH_CLASS) {
                write(images, i, "train", number);
            } else if (number == OF_EACH_CLASS) {
                write(images, i, "test", number);
            }
        }
        data = "folder:" + folder.resolve("images");
        CommandRun built =
                CommandRun.of("index", "build", "--model", bundle.toString(), "--data", data, "--precision", "fp32");
        assertThat(built.exitCode()).as(built.err()).isZero();
    }

    private static void write(Dataset images, int index, String part, int number) throws IOException {
        byte[] pixels = new byte[3 * 32 * 32];
        images.pixels(index, pixels, 0);
        BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1024; i++) {
            int rgb = ((pixels[i] & 255) << 16) | ((pixels[1024 + i] & 255) << 8) | (pixels[2048 + i] & 255);
            picture.setRGB(i % 32, i / 32, rgb);
        }
        String name = images.classNames().get(images.label(index));
        Path file = folder.resolve("images/%s/%s/%d.png".formatted(part, name, number));
        Files.createDirectories(file.getParent());
        ImageIO.write(picture, "png", file.toFile());
    }

    private static CommandRun attack(Path json, String... more) {
        Stream<String> all = Stream.of(
                "attack --profile modern --attack adaptive --norm linf --epsilon 8/255 --start 0 --limit 10 --threads 1"
                        .split(" "));
        Stream<String> places = Stream.of("--model", bundle.toString(), "--data", "bundled", "--json", json.toString());
        Stream<String> weak = Stream.of("steps=3", "targets=1", "plainSteps=3", "restarts=1", "queries=4")
                .flatMap(setting -> Stream.of("--set", setting));
        return CommandRun.of(Stream.of(all, places, weak, Stream.of(more))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    @Test
    void the_adaptive_suite_writes_its_worst_case_and_goes_on_from_its_journal() throws IOException {
        Path json = folder.resolve("adaptive.json");
        Path journal = folder.resolve("adaptive.journal");
        CommandRun run = attack(json, "--journal", journal.toString(), "--surrogate", BASELINE);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("after joint");
        JsonNode result = JsonMapper.shared().readTree(json.toFile());
        assertThat(result.path("n").asInt()).isEqualTo(10);
        assertThat(result.path("gradients").asString()).contains("candidates included", "and baseline");
        JsonNode budget = result.path("budgets").get(0);
        assertThat(budget.path("robust_accuracy").asDouble())
                .isEqualTo(result.path("robust_accuracy").asDouble())
                .isLessThan(result.path("clean_accuracy").asDouble());
        assertThat(budget.path("stages").get(0).path("attack").asString()).isEqualTo("joint");
        assertThat(budget.path("remarks").get(0).asString()).contains("SPSA");
        boolean named = false;
        for (JsonNode example : result.path("examples")) {
            named |= !example.path("broken_by").isEmpty();
        }
        assertThat(named).isTrue();

        Path kept = Path.of(journal + ".%s.joint".formatted(8 / 255.0));
        byte[] before = Files.readAllBytes(kept);
        CommandRun again = attack(json, "--journal", journal.toString(), "--surrogate", BASELINE);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(kept)).isEqualTo(before);
        assertThat(JsonMapper.shared().readTree(json.toFile()).path("examples")).isEqualTo(result.path("examples"));
    }

    @Test
    void who_knows_the_model_needs_no_scenario() {
        CommandRun run = attack(folder.resolve("none.json"), "--scenario", "2");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'adaptive'", "--scenario 2", "leave it out")
                .hasLineCount(1);
    }

    @Test
    void an_evaluation_answers_carlinis_questions_one_by_one() throws IOException {
        Path out = folder.resolve("report");
        CommandRun run = CommandRun.of(
                "evaluate",
                "--model",
                bundle.toString(),
                "--data",
                data,
                "--suite",
                "adaptive",
                "--epsilon",
                "1",
                "--limit",
                "10",
                "--threads",
                "1",
                "--out",
                out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readString(out.resolve("report.md")))
                .contains(
                        "Can it be believed? RaCNN-K10",
                        "| Is nothing left where pixels may change at will? | yes: 0 images are left |");
        assertThat(Files.readString(out.resolve("report.html"))).contains("Can it be believed?");
    }
}
