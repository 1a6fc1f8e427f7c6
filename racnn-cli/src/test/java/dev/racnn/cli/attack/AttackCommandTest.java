package dev.racnn.cli.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.cli.CommandRun;
import dev.racnn.cli.options.EpsilonConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
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
        assertThat(result.path("examples").get(0).path("png_still_adversarial").isBoolean())
                .isTrue();
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
                "--norm",
                "linf",
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
        assertThat(result.path("never_attacked").asInt()).isZero();
        assertThat(run.out()).contains("never attacked    0 images");
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
        for (String wrong : List.of("-1", "8/0/1", "x", "0/0", "8/0", "NaN", "Infinity")) {
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

    private CommandRun attack(Path json, String... options) {
        return CommandRun.of(Stream.concat(
                        Stream.of("attack", "--model", MODEL, "--data", "bundled", "--json", json.toString()),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private JsonNode result(String... options) {
        Path json = folder.resolve("result.json");
        CommandRun run = attack(json, options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(json.toFile());
    }

    @Test
    void of_several_budgets_the_largest_is_shown_whatever_their_order() {
        Path images = folder.resolve("images");
        JsonNode result = result(
                "--profile=modern",
                "--attack=fgsm",
                "--limit=8",
                "--epsilon=0.1",
                "--epsilon=0.0001",
                "--images=" + images);
        JsonNode large = result.path("budgets").get(0);
        JsonNode small = result.path("budgets").get(1);
        assertThat(large.path("epsilon").asDouble()).isEqualTo(0.1);
        assertThat(large.path("robust_accuracy").asDouble())
                .isLessThan(small.path("robust_accuracy").asDouble());
        assertThat(result.path("robust_accuracy").asDouble())
                .isEqualTo(large.path("robust_accuracy").asDouble());
        assertThat(result.path("settings").path("epsilon").asDouble()).isEqualTo(0.1);
        assertThat(small.path("gradients_masked").asBoolean()).isFalse();
        assertThat(small.path("zero_gradient_share").isNumber()).isTrue();
        assertThat(images.resolve("epsilon-0.1/adversarial.npy")).exists();
        assertThat(images.resolve("epsilon-1.0E-4/adversarial.npy")).exists();
        JsonNode curve = result.path("curve");
        assertThat(curve.size()).isEqualTo(3);
        assertThat(curve.get(0).path("linf").asDouble()).isZero();
        assertThat(curve.get(1).path("linf").asDouble()).isEqualTo(1e-4);
        assertThat(curve.get(2).path("robust_accuracy").asDouble())
                .isEqualTo(large.path("robust_accuracy").asDouble());
    }

    @Test
    void the_settings_say_in_which_norm_the_nearest_point_was_sought() {
        JsonNode linf = result("--profile=modern", "--attack=deepfool", "--limit=1");
        JsonNode l2 = result("--profile=modern", "--attack=deepfool", "--norm=l2", "--limit=1");
        assertThat(linf.path("settings").path("objective").asString()).isEqualTo("linf");
        assertThat(l2.path("settings").path("objective").asString()).isEqualTo("l2");
        assertThat(l2.path("examples").get(0).path("unconfirmed").isInt()).isTrue();
        JsonNode paper = result("--attack=deepfool", "--limit=1", "--epsilon=0.01");
        assertThat(paper.path("settings").path("objective").asString()).isEqualTo("msd");
        assertThat(paper.path("budgets").get(0).path("upper_bound").asBoolean()).isTrue();
    }

    @Test
    void the_norm_is_that_of_the_attack_if_it_knows_but_one() {
        JsonNode result = result("--profile=modern", "--attack=ddn", "--limit=1", "--epsilon=0.5");
        assertThat(result.path("budgets").get(0).path("norm").asString()).isEqualTo("l2");
    }

    @Test
    void settings_are_changed_by_name_and_stand_in_the_result() {
        JsonNode settings = result(
                        "--profile=modern",
                        "--attack=pgd",
                        "--epsilon=8/255",
                        "--limit=1",
                        "--set",
                        "restarts=3",
                        "--set",
                        "steps=2")
                .path("settings");
        assertThat(settings.path("restarts").asInt()).isEqualTo(3);
        assertThat(settings.path("steps").asInt()).isEqualTo(2);
        Path json = folder.resolve("a.json");
        CommandRun unknown = attack(json, "--attack=deepfool", "--set=stesp=3");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("'stesp'", "did you mean 'steps'?").hasLineCount(1);
        CommandRun type = attack(json, "--attack=deepfool", "--set=steps=many");
        assertThat(type.exitCode()).isEqualTo(2);
        assertThat(type.err())
                .contains("'steps' must be a whole number, but is 'many'")
                .hasLineCount(1);
        CommandRun range = attack(json, "--attack=deepfool", "--set=steps=0");
        assertThat(range.exitCode()).isEqualTo(2);
        assertThat(range.err()).contains("steps of deepfool must be at least 1").hasLineCount(1);
        CommandRun suite = attack(json, "--profile=modern", "--attack=autoattack", "--epsilon=0.1", "--set=steps=1");
        assertThat(suite.exitCode()).isEqualTo(2);
        assertThat(suite.err()).contains("apgd-ce").hasLineCount(1);
    }

    @Test
    void a_target_is_a_class_by_name_or_number_or_a_rule() {
        for (String target : List.of("cat", "3", "next", "least-likely", "random")) {
            JsonNode result =
                    result("--profile=modern", "--attack=pgd", "--epsilon=0.2", "--limit=6", "--target=" + target);
            assertThat(result.path("criterion").asString()).startsWith("targeted-");
            assertThat(result.path("robust_accuracy").asDouble()).as(target).isLessThan(0.5);
        }
        // Image 0 is a cat.
        JsonNode result =
                result("--profile=modern", "--attack=pgd", "--epsilon=0.2", "--start=0", "--limit=2", "--target=cat");
        assertThat(result.path("criterion").asString()).isEqualTo("targeted-3");
        assertThat(result.path("n").asInt()).isEqualTo(1);
        CommandRun unknown = attack(folder.resolve("a.json"), "--attack=fgsm", "--target=kat");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("'kat'", "did you mean 'cat'?").hasLineCount(1);
    }

    @Test
    void rotations_know_no_budget() {
        CommandRun run = attack(folder.resolve("a.json"), "--profile=modern", "--attack=spatial", "--epsilon=0.1");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("leave --epsilon out").hasLineCount(1);
    }

    @Test
    void a_curve_is_a_picture_or_a_table() throws IOException {
        Path svg = folder.resolve("curve.svg");
        Path csv = folder.resolve("curve.csv");
        JsonNode curve = result("--attack=fgsm", "--limit=8", "--curve=" + svg).path("curve");
        result("--attack=fgsm", "--limit=8", "--curve=" + csv);
        assertThat(svg).content().startsWith("<svg").contains("fgsm on open", "L2 norm");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.getFirst()).isEqualTo("l2,msd,robust_accuracy,lower,upper");
        assertThat(lines).hasSize(1 + curve.size());
        for (int i = 1; i < curve.size(); i++) {
            assertThat(curve.get(i).path("l2").asDouble())
                    .isGreaterThan(curve.get(i - 1).path("l2").asDouble());
            assertThat(curve.get(i).path("robust_accuracy").asDouble())
                    .isLessThan(curve.get(i - 1).path("robust_accuracy").asDouble());
        }
        CommandRun wrong = attack(folder.resolve("a.json"), "--attack=fgsm", "--curve=curve.png");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("'curve.png'").hasLineCount(1);
    }

    @Test
    void a_surrogate_with_other_bounds_is_refused() throws IOException {
        Path surrogate = folder.resolve("surrogate.pt");
        Files.copy(Path.of(MODEL), surrogate);
        Files.writeString(folder.resolve("surrogate.yaml"), "bounds: [0, 255]\n");
        CommandRun run = attack(
                folder.resolve("a.json"), "--attack=fgsm", "--scenario=2", "--surrogate=" + surrogate, "--limit=1");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .contains("surrogate must have the classes and bounds", "255.0")
                .hasLineCount(1);
    }

    @Test
    void the_help_lists_the_attacks_of_both_profiles_with_their_norms() {
        String help = CommandRun.of("attack", "--help").out();
        assertThat(help).contains(Attacks.all().stream().map(AttackKind::name).toList());
        assertThat(help)
                .containsPattern("cw +l2 +nearest point")
                .containsPattern("pgd +linf, l2, l1 +needs --epsilon")
                .containsPattern("autoattack-rand +linf, l2, l1 +needs --epsilon");
    }

    @Test
    void results_replace_nothing_that_is_read_and_not_each_other() throws IOException {
        Path model = folder.resolve("model.pt");
        Files.copy(Path.of(MODEL), model);
        byte[] before = Files.readAllBytes(model);
        Path settings = Files.writeString(folder.resolve("model.yaml"), "bounds: [0, 1]\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), model);
        Path json = folder.resolve("a.json");
        for (List<String> outputs : List.of(
                List.of("--json=" + model),
                List.of("--json=" + link),
                List.of("--json=" + settings),
                List.of("--json=" + json, "--journal=" + model),
                List.of("--json=" + folder.resolve("x.svg"), "--curve=" + folder.resolve("x.svg")))) {
            CommandRun run = fgsm(model, outputs);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err())
                    .containsAnyOf("must not be written to", "two results")
                    .hasLineCount(1);
        }
        assertThat(model).hasBinaryContent(before);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        CommandRun twice = fgsm(model, List.of("--json=" + json));
        assertThat(twice.exitCode()).as(twice.err()).isZero();
        assertThat(fgsm(model, List.of("--json=" + json)).exitCode()).isZero();
    }

    @Test
    void places_that_cannot_be_written_are_found_before_the_attack() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        for (String option : List.of("--images=", "--curve=", "--journal=")) {
            CommandRun run = fgsm(
                    Path.of(MODEL), List.of("--json=" + folder.resolve("a.json"), option + file.resolve("in/it.csv")));
            assertThat(run.exitCode()).as(option).isEqualTo(1);
            assertThat(run.err()).contains(file.toString()).hasLineCount(1);
            assertThat(folder.resolve("a.json")).doesNotExist();
        }
    }

    private static CommandRun fgsm(Path model, List<String> outputs) {
        return CommandRun.of(Stream.concat(
                        Stream.of("attack", "--model=" + model, "--data=bundled", "--attack=fgsm", "--limit=2"),
                        outputs.stream())
                .toArray(String[]::new));
    }

    @Test
    void a_budget_in_other_units_than_the_pixels_is_remarked_on() throws IOException {
        Path json = folder.resolve("a.json");
        CommandRun levels = attack(json, "--profile=modern", "--attack=fgsm", "--epsilon=8", "--limit=1");
        assertThat(levels.exitCode()).isZero();
        assertThat(levels.err()).contains("warning: a budget of LINF <= 8.0 for pixels in [0.0, 1.0]", "8.0/255");
        assertThat(attack(json, "--profile=modern", "--attack=fgsm", "--epsilon=8/255", "--limit=1")
                        .err())
                .doesNotContain("warning");
        assertThat(attack(json, "--profile=modern", "--attack=fgsm", "--norm=l2", "--epsilon=8", "--limit=1")
                        .err())
                .doesNotContain("warning");

        Path bytes = folder.resolve("bytes.pt");
        Files.copy(Path.of(MODEL), bytes);
        Files.writeString(folder.resolve("bytes.yaml"), "bounds: [0, 255]\n");
        for (String epsilon : List.of("8/255", "8")) {
            CommandRun run = CommandRun.of(
                    "attack",
                    "--model=" + bytes,
                    "--data=bundled",
                    "--profile=modern",
                    "--attack=fgsm",
                    "--epsilon=" + epsilon,
                    "--limit=1",
                    "--json=" + json);
            assertThat(run.err().contains("less than one level")).as(epsilon).isEqualTo(epsilon.equals("8/255"));
        }
    }

    @Test
    void a_model_that_answers_at_random_is_told_of_and_repeats_with_its_seed() throws IOException {
        Path model = folder.resolve("drops.pt");
        try (JitModule module = new JitModule(new QualifiedName("__torch__.Drops"))) {
            module.define("""
                def forward(self, x: Tensor) -> Tensor:
                    return torch.dropout(x, 0.9, True).flatten(1)[:, 0:2000:200]
                """);
            module.save(model.toString());
        }
        CommandRun first = decisions(model, "3");
        assertThat(first.err()).contains("warning: drops answers at random", "model.eval()");
        assertThat(first.exitCode()).isZero();
        JsonNode examples = examples(model, "3");
        assertThat(examples).isEqualTo(examples(model, "3")).isNotEqualTo(examples(model, "4"));
        assertThat(decisions(Path.of(MODEL), "3").err()).doesNotContain("warning");
    }

    private CommandRun decisions(Path model, String seed) {
        return CommandRun.of(
                "attack",
                "--model",
                model.toString(),
                "--data",
                "bundled",
                "--attack",
                "noise",
                "--profile",
                "modern",
                "--norm",
                "linf",
                "--epsilon",
                "0.1",
                "--seed",
                seed,
                "--start",
                "0",
                "--limit",
                "40",
                "--batch",
                "16",
                "--json",
                folder.resolve("decisions.json").toString());
    }

    private JsonNode examples(Path model, String seed) throws IOException {
        decisions(model, seed);
        return JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("decisions.json")))
                .get("examples");
    }
}
