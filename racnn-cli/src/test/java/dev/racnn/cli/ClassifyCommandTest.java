package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trained RaCNN of the repository with ten candidates, one of each class. */
class ClassifyCommandTest {
    private static final List<String> CIFAR10 =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    @TempDir
    private static Path folder;

    private static Path model;
    private static Path good;

    @BeforeAll
    static void build() throws IOException {
        images(folder.resolve("data"), CIFAR10);
        good = folder.resolve("data/test/cat/1.png");
        model = bundle("model");
    }

    @Test
    void a_damaged_image_is_named_and_the_others_are_answered() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.png"), "no picture");
        CommandRun run = classify(model, "--json", good.toString(), bad.toString(), good.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"image\":\"" + good) && line.endsWith("}"));
        assertThat(run.err()).contains("racnn: " + bad).hasLineCount(1);
    }

    @Test
    void an_image_beyond_the_limit_is_named_with_it_and_the_others_are_answered() throws IOException {
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(good));
        png.putInt(16, 30_000).putInt(20, 30_000);
        Path huge = Files.write(folder.resolve("huge.png"), png.array());
        CommandRun run = classify(model, "--json", good.toString(), huge.toString(), good.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err())
                .contains("racnn: " + huge, "30000x30000", "at most 100000000")
                .hasLineCount(1);
    }

    @Test
    void a_damaged_candidate_image_is_refused_or_skipped_as_asked() throws IOException {
        Path data = folder.resolve("damaged-data");
        images(data, CIFAR10);
        Path bad = Files.writeString(data.resolve("train/cat/2.png"), "no picture");
        Path bundle = bundle("half");
        CommandRun refused = build(bundle, data);
        CommandRun skipped = build(bundle, data, "--bad-images=skip");

        assertThat(refused.exitCode()).isOne();
        assertThat(refused.err()).contains("racnn: " + bad);
        assertThat(skipped.exitCode()).as(skipped.err()).isZero();
        assertThat(skipped.err()).contains("skipped " + bad, "skipped 1 of 11 images");
        assertThat(skipped.out()).contains("10 candidates");
    }

    @Test
    void a_k_beyond_the_candidates_is_wrong_usage() {
        for (String option : List.of("-k", "--neighbours")) {
            CommandRun run = classify(model, option, "11", good.toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains("-k", "at most the 10 candidates", "but is 11", "racnn index add")
                    .hasLineCount(1);
        }
    }

    @Test
    void a_baseline_has_no_neighbours_to_choose() {
        Path baseline = Path.of("../models/cifar10-baseline");
        for (String option : List.of("-k=3", "--engine=exact")) {
            CommandRun run = classify(baseline, option, good.toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains(
                            option.substring(0, option.indexOf('=')),
                            "cifar10-baseline is a baseline",
                            "leave the option out")
                    .hasLineCount(1);
        }
        assertThat(classify(baseline, good.toString()).exitCode()).isZero();
    }

    @Test
    void images_of_other_classes_are_refused_with_both_lists() throws IOException {
        Path other = folder.resolve("other");
        images(other, List.of("apple", "zebra"));
        for (CommandRun run : List.of(
                build(model, other),
                CommandRun.of(
                        "evaluate", "--model=" + model, "--data=folder:" + other, "--out=" + folder.resolve("report")),
                CommandRun.of(
                        "attack",
                        "--model=" + model,
                        "--data=folder:" + other,
                        "--attack=fgsm",
                        "--json=" + folder.resolve("attack.json")),
                CommandRun.of("bench", "infer", "--model=" + model, "--data=folder:" + other))) {
            assertThat(run.exitCode()).isOne();
            assertThat(run.err()).contains(CIFAR10.toString(), "[apple, zebra]");
        }
    }

    @Test
    void candidates_are_computed_in_the_precision_asked_for_or_the_faster_one() throws IOException {
        byte[] chosen = Files.readAllBytes(features(model));
        byte[] bf16 = Files.readAllBytes(features(bundle("bf16", "--precision=bf16")));
        byte[] fp32 = Files.readAllBytes(features(bundle("fp32", "--precision=fp32")));

        assertThat(bf16).isNotEqualTo(fp32);
        assertThat(chosen).isIn(bf16, fp32);
    }

    @Test
    void keys_of_two_precisions_are_never_compared() throws IOException {
        Path bundle = bundle("keyed", "--precision=bf16");
        assertThat(bundle.resolve("candidates-fp32")).doesNotExist();
        assertThat(classify(bundle, "--json", good.toString()).exitCode()).isZero();
        assertThat(bundle.resolve("candidates-fp32")).doesNotExist();
        CommandRun fp32 = classify(bundle, "--json", "--precision=fp32", good.toString());
        assertThat(Files.readAllBytes(bundle.resolve("candidates-fp32/generation-1/features.bin")))
                .isEqualTo(Files.readAllBytes(features(bundle("built-in-fp32", "--precision=fp32"))));
        assertThat(fp32.out())
                .isEqualTo(classify(bundle, "--json", "--precision=fp32", good.toString())
                        .out());
    }

    @Test
    void an_answer_that_is_no_number_names_the_candidate_set() throws IOException {
        Path damaged = bundle("damaged");
        byte[] numbers = Files.readAllBytes(features(damaged));
        Arrays.fill(numbers, (byte) 0xff);
        Files.write(features(damaged), numbers);
        CommandRun run = classify(damaged, good.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(features(damaged) + " is damaged", "is NaN");
    }

    private static Path features(Path bundle) {
        return bundle.resolve("candidates/generation-1/features.bin");
    }

    private static CommandRun classify(Path bundle, String... arguments) {
        String[] line = new String[arguments.length + 2];
        line[0] = "classify";
        line[1] = "--model=" + bundle;
        System.arraycopy(arguments, 0, line, 2, arguments.length);
        return CommandRun.of(line);
    }

    /** A copy of the trained bundle with its candidates. */
    private static Path bundle(String name, String... options) throws IOException {
        Path bundle = Files.createDirectory(folder.resolve(name));
        for (String file : List.of("bundle.json", "weights.safetensors", "settings.yaml")) {
            Files.copy(Path.of("../models/cifar10-racnn-k10-mixup").resolve(file), bundle.resolve(file));
        }
        CommandRun run = build(bundle, folder.resolve("data"), options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return bundle;
    }

    private static CommandRun build(Path bundle, Path data, String... options) {
        String[] line = new String[options.length + 4];
        System.arraycopy(new String[] {"index", "build", "--model=" + bundle, "--data=folder:" + data}, 0, line, 0, 4);
        System.arraycopy(options, 0, line, 4, options.length);
        return CommandRun.of(line);
    }

    /** A grey image for training and one for testing of each class. */
    private static void images(Path data, List<String> classes) throws IOException {
        for (String part : List.of("train", "test")) {
            for (int label = 0; label < classes.size(); label++) {
                BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_3BYTE_BGR);
                for (int i = 0; i < 40 * 32; i++) {
                    image.setRGB(i % 40, i / 40, 0x010101 * (20 * label + i % 40));
                }
                Path file = data.resolve(part).resolve(classes.get(label)).resolve("1.png");
                Files.createDirectories(file.getParent());
                ImageIO.write(image, "png", file.toFile());
            }
        }
    }
}
