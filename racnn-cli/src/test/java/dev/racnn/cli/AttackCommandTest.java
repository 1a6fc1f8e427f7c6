package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AttackCommandTest {
    /** A small CNN for CIFAR-10 that the tests of the library compare with other people's attack libraries on. */
    private static final String MODEL = "../racnn-library/src/test/resources/dev/racnn/attack/open.pt";

    @TempDir
    Path folder;

    @Test
    void fgsm_on_a_torchscript_file_writes_json_and_images() throws IOException {
        Path json = folder.resolve("fgsm.json");
        CommandRun run = CommandRun.of(
                "attack",
                "--model",
                MODEL,
                "--data",
                "bundled",
                "--attack",
                "fgsm",
                "--start",
                "5",
                "--limit",
                "4",
                "--epsilon",
                "0.01",
                "--json",
                json.toString(),
                "--images",
                folder.resolve("images").toString());
        assertThat(run.err()).doesNotContain("racnn: ");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("clean accuracy", "LINF <= 0.01", "result " + json);
        JsonNode result = JsonMapper.shared().readTree(json.toFile());
        assertThat(result.path("n").asInt()).isEqualTo(4);
        assertThat(result.path("examples").get(0).path("index").asInt()).isEqualTo(5);
        assertThat(result.path("profile").asString()).isEqualTo("paper");
        assertThat(Files.exists(folder.resolve("images/adversarial.npy"))).isTrue();
    }

    @Test
    void modern_attacks_are_run_anew_for_each_budget() throws IOException {
        Path json = folder.resolve("suite.json");
        CommandRun run = CommandRun.of(
                "attack",
                "--model",
                MODEL,
                "--data",
                "bundled",
                "--profile",
                "modern",
                "--attack",
                "autoattack",
                "--limit",
                "2",
                "--epsilon",
                "0.1",
                "--epsilon",
                "0.2",
                "--json",
                json.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("LINF <= 0.1: robust accuracy 0.0000 after apgd-ce");
        JsonNode result = JsonMapper.shared().readTree(json.toFile());
        assertThat(result.path("attack").asString()).isEqualTo("autoattack");
        assertThat(result.path("budgets").size()).isEqualTo(2);
        assertThat(result.path("budgets").get(1).path("epsilon").asDouble()).isEqualTo(0.2);
        assertThat(result.path("budgets").get(1).path("robust_accuracy").asDouble())
                .isZero();
    }

    @Test
    void modern_attacks_say_what_they_need() {
        String json = folder.resolve("a.json").toString();
        CommandRun budget = CommandRun.of(
                "attack",
                "--model",
                MODEL,
                "--data",
                "bundled",
                "--profile",
                "modern",
                "--attack",
                "pgd",
                "--json",
                json);
        assertThat(budget.exitCode()).isEqualTo(2);
        assertThat(budget.err()).contains("'pgd' needs a budget", "--epsilon").hasLineCount(1);
        CommandRun norm = CommandRun.of(
                "attack",
                "--model",
                MODEL,
                "--data",
                "bundled",
                "--profile",
                "modern",
                "--attack",
                "cw",
                "--json",
                json);
        assertThat(norm.exitCode()).isEqualTo(2);
        assertThat(norm.err()).contains("norm of cw must be L2, but is LINF").hasLineCount(1);
    }

    @Test
    void wrong_usage_is_one_line_that_names_the_value() {
        String json = folder.resolve("a.json").toString();
        CommandRun unknown =
                CommandRun.of("attack", "--model", MODEL, "--data", "bundled", "--attack", "fgms", "--json", json);
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("fgms", "fgsm").hasLineCount(1);
        CommandRun scenario = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "fgsm", "--scenario", "2", "--json", json);
        assertThat(scenario.exitCode()).isEqualTo(2);
        assertThat(scenario.err()).contains("--surrogate").hasLineCount(1);
    }
}
