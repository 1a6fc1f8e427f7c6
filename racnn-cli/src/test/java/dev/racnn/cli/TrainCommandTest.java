package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.racnn.BundleDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    Path folder;

    @Test
    void wrong_settings_are_wrong_usage_in_an_option_and_a_failure_in_a_file() throws IOException {
        CommandRun option = train("--set", "training.batch=2.7");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err())
                .contains("training.batch must be a whole number, but is 2.7")
                .hasLineCount(1);

        CommandRun range = train("--set", "extractor.epochs=0");
        assertThat(range.exitCode()).isEqualTo(2);
        assertThat(range.err()).contains("extractor.epochs must be at least 1").hasLineCount(1);

        Path config = Files.writeString(folder.resolve("own.yaml"), "model: raccoon\n");
        CommandRun file = train("--config", config.toString());
        assertThat(file.exitCode()).isEqualTo(1);
        assertThat(file.err())
                .contains(config + ": model must be baseline or racnn, but is 'raccoon'")
                .hasLineCount(1);
        assertThat(folder.resolve("bundle")).doesNotExist();
    }

    @Test
    void no_threads_are_wrong_usage() {
        CommandRun run = train("--threads", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--threads must be at least 1, but is 0").hasLineCount(1);
    }

    @Test
    void a_loss_that_is_no_number_is_one_line_for_people() {
        CommandRun run =
                train("--set", "extractor.learningRate=1e30", "--set", "extractor.warmup=0", "--set", "precision=fp32");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .last()
                .asString()
                .startsWith("racnn: the loss of extractor became ")
                .contains("lower extractor.learningRate")
                .doesNotContain("stacktrace");
    }

    @Test
    void a_network_of_ones_own_serves_as_phi() throws IOException {
        Path network = folder.resolve("network.pt");
        Files.copy(Path.of("../racnn-library/src/test/resources/dev/racnn/attack/open.pt"), network);
        Files.writeString(folder.resolve("network.yml"), "imageSize: 32\n");
        CommandRun run = train(
                "--backbone",
                network.toString(),
                "--features",
                "penultimate",
                "--set",
                "precision=fp32",
                "--set",
                "extractor.epochs=4",
                "--set",
                "training.epochs=4");
        assertThat(run.err()).contains("racnn epoch 4");
        assertThat(run.exitCode()).isZero();
        String bundle = folder.resolve("bundle").toString();
        // The network itself gets 60.5 % of all of CIFAR-10's test images right.
        assertThat(BundleDescription.read(Path.of(bundle)).testAccuracy()).isBetween(0.45, 0.68);
        CommandRun index = CommandRun.of("index", "info", "--model", bundle);
        assertThat(index.out()).containsPattern("500\\s+airplane");
    }

    @Test
    void options_of_a_backbone_without_one_are_wrong_usage() {
        CommandRun run = train("--features", "penultimate");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("add --backbone FILE");
        CommandRun both = train("--backbone", "a.pt", "--extractor", "b");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("--backbone excludes --extractor");
    }

    private CommandRun train(String... options) {
        String[] all = new String[options.length + 5];
        System.arraycopy(options, 0, all, 5, options.length);
        System.arraycopy(
                new String[] {
                    "train",
                    "--data",
                    "bundled",
                    "--out",
                    folder.resolve("bundle").toString()
                },
                0,
                all,
                0,
                5);
        return CommandRun.of(all);
    }
}
