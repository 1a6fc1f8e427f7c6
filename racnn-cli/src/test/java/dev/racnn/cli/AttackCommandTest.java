package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        JsonNode stage = result.path("budgets").get(0).path("stages").get(0);
        assertThat(stage.path("attack").asString()).isEqualTo("apgd-ce");
        assertThat(stage.path("robust_accuracy").asDouble()).isZero();
        assertThat(result.path("budgets").get(0).path("flags").isArray()).isTrue();
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
    void pure_transfer_shows_the_model_what_fooled_the_surrogate() throws IOException {
        Path json = folder.resolve("transfer.json");
        CommandRun run = CommandRun.of(
                "attack",
                "--model",
                MODEL,
                "--surrogate",
                MODEL,
                "--scenario",
                "2",
                "--transfer",
                "--data",
                "bundled",
                "--attack",
                "fgsm",
                "--limit",
                "3",
                "--json",
                json.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode result = JsonMapper.shared().readTree(json.toFile());
        assertThat(result.path("transfer").asBoolean()).isTrue();
        assertThat(result.path("gradients").asString()).contains("surrogate");
        // The surrogate is the model itself, so whatever fools it is fooled by.
        assertThat(result.path("robust_accuracy").asDouble()).isZero();
        for (JsonNode example : result.path("examples")) {
            assertThat(example.path("forward_queries").asInt()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void what_cannot_work_is_said_before_the_attack_begins() {
        String json = folder.resolve("a.json").toString();
        CommandRun folderAsFile = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "fgsm", "--json", folder.toString());
        assertThat(folderAsFile.exitCode()).isEqualTo(1);
        assertThat(folderAsFile.err()).contains(folder + " must be a file").hasLineCount(1);
        CommandRun missing =
                CommandRun.of("attack", "--model", "no.pt", "--data", "bundled", "--attack", "fgsm", "--json", json);
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err())
                .contains("no.pt", "no such bundle or TorchScript file")
                .hasLineCount(1);
        CommandRun top = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "fgsm", "--top", "10", "--json", json);
        assertThat(top.exitCode()).isEqualTo(2);
        assertThat(top.err()).contains("below the number of classes, 10").hasLineCount(1);
        CommandRun profile = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "autoattack", "--json", json);
        assertThat(profile.exitCode()).isEqualTo(2);
        assertThat(profile.err()).contains("add --profile modern").hasLineCount(1);
    }

    @Test
    void a_budget_may_be_a_fraction() {
        EpsilonConverter converter = new EpsilonConverter();
        assertThat(converter.convert("8/255")).isEqualTo(8 / 255.0);
        assertThat(converter.convert("0.5")).isEqualTo(0.5);
        for (String wrong : List.of("-1", "8/0/1", "x", "0/0", "NaN")) {
            assertThatThrownBy(() -> converter.convert(wrong)).hasMessageContaining("'" + wrong + "'");
        }
    }

    @Test
    void wrong_usage_is_one_line_that_names_the_value() {
        String json = folder.resolve("a.json").toString();
        CommandRun unknown =
                CommandRun.of("attack", "--model", MODEL, "--data", "bundled", "--attack", "fgms", "--json", json);
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("'fgms'", "did you mean 'fgsm'?").hasLineCount(1);
        CommandRun scenario = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "fgsm", "--scenario", "2", "--json", json);
        assertThat(scenario.exitCode()).isEqualTo(2);
        assertThat(scenario.err()).contains("--surrogate").hasLineCount(1);
        CommandRun transfer = CommandRun.of(
                "attack", "--model", MODEL, "--data", "bundled", "--attack", "fgsm", "--transfer", "--json", json);
        assertThat(transfer.exitCode()).isEqualTo(2);
        assertThat(transfer.err()).contains("--scenario 2").hasLineCount(1);
    }
}
