package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Scenario;
import dev.racnn.tensor.Precision;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OutputTest {
    /** {@code numpy.save} of {@code arange(12, dtype='<f4').reshape(2, 3, 1, 2) / 4}. */
    private static final String NUMPY =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMsID"
                    + "EsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAACA"
                    + "PgAAAD8AAEA/AACAPwAAoD8AAMA/AADgPwAAAEAAABBAAAAgQAAAMEA=";

    @TempDir
    Path folder;

    @Test
    void an_array_file_is_byte_for_byte_that_of_numpy() throws IOException {
        float[][] rows = new float[2][6];
        for (int i = 0; i < 12; i++) {
            rows[i / 6][i % 6] = i / 4f;
        }
        Path file = folder.resolve("a.npy");
        NpyFile.write(file, rows, 3, 1, 2);
        assertThat(Files.readAllBytes(file)).isEqualTo(Base64.getDecoder().decode(NUMPY));
        assertThatThrownBy(() -> NpyFile.write(file, rows, 3, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12")
                .hasMessageContaining("6");
    }

    @Test
    void adversarial_images_are_saved_exactly_and_as_pictures() throws IOException {
        AttackResult result = result();
        AdversarialImages.write(result, folder);
        byte[] bytes = Files.readAllBytes(folder.resolve(AdversarialImages.ARRAY));
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).hasSize(128 + 2 * 12 * 4);
        assertThat(numbers.getFloat(128)).isNaN();
        float first = numbers.getFloat(128 + 12 * 4);
        assertThat(first).isGreaterThan(0.5f);
        BufferedImage image = ImageIO.read(folder.resolve("00001-label-0.png").toFile());
        assertThat(image.getRGB(0, 0) & 0xff).isEqualTo(Math.round(255 * first));
        assertThat(folder.resolve("00000-label-0.png")).doesNotExist();
    }

    @Test
    void a_suite_adds_its_stages_and_warnings_to_each_budget() throws IOException {
        AttackResult worst = result();
        SuiteResult suite = new SuiteResult(
                List.of(new SuiteResult.Stage("square", 2, 0.5, worst)),
                List.of(new HealthFlag(HealthFlag.Kind.ZERO_GRADIENTS, "hidden")),
                worst);
        Path file = folder.resolve("suite.json");
        new AttackReport(
                        "m.pt",
                        "bundled",
                        Profile.MODERN,
                        Scenario.TRANSFER,
                        "from image 0 on",
                        Precision.FP32,
                        sweep(suite, 3),
                        List.of())
                .write(file);
        JsonNode json = JsonMapper.shared().readTree(file.toFile());
        assertThat(json.path("transfer").asBoolean()).isTrue();
        assertThat(json.path("never_attacked").asInt()).isEqualTo(3);
        assertThat(json.path("gradients_masked").asBoolean()).isTrue();
        assertThat(json.path("budgets").get(0).path("stages_of").asString()).isEqualTo("surrogate");
        JsonNode stage = json.path("budgets").get(0).path("stages").get(0);
        assertThat(stage.path("attack").asString()).isEqualTo("square");
        assertThat(stage.path("attacked").asInt()).isEqualTo(2);
        assertThat(stage.path("settings").path("epsilons").asInt()).isEqualTo(1000);
        assertThat(stage.path("robust_accuracy").asDouble()).isEqualTo(0.5);
        JsonNode flag = json.path("budgets").get(0).path("flags").get(0);
        assertThat(flag.path("kind").asString()).isEqualTo("zero_gradients");
        assertThat(flag.path("message").asString()).isEqualTo("hidden");
    }

    @Test
    void the_report_has_the_fields_that_scripts_rely_on() throws IOException {
        SuiteResult result = SuiteResult.of(result());
        Path file = folder.resolve("attack.json");
        new AttackReport(
                        "m.pt",
                        "bundled",
                        Profile.PAPER,
                        Scenario.DIRECT,
                        "from image 0 on",
                        Precision.FP32,
                        sweep(result, 0),
                        List.of(true, false))
                .write(file);
        JsonNode json = JsonMapper.shared().readTree(file.toFile());
        assertThat(json.propertyNames())
                .contains(
                        "model",
                        "data",
                        "attack",
                        "profile",
                        "settings",
                        "seed",
                        "sample",
                        "search_precision",
                        "start",
                        "n",
                        "clean_accuracy",
                        "seconds",
                        "examples",
                        "budgets");
        assertThat(json.path("settings").path("epsilons").asInt()).isEqualTo(1000);
        JsonNode failed = json.path("examples").get(0);
        assertThat(failed.path("success").asBoolean()).isFalse();
        assertThat(failed.path("msd").isNull()).isTrue();
        JsonNode found = json.path("examples").get(1);
        assertThat(found.path("msd").asDouble()).isPositive();
        assertThat(found.path("png_still_adversarial").asBoolean(true)).isFalse();
        assertThat(failed.has("png_still_adversarial")).isFalse();
        assertThat(found.path("queries").asLong())
                .isEqualTo(found.path("forward_queries").asLong()
                        + found.path("gradient_queries").asLong());
        assertThat(json.path("budgets").get(0).path("robust_accuracy").asDouble())
                .isEqualTo(0.5);
        assertThat(json.path("budgets").get(0).path("robust").get(0).asBoolean())
                .isTrue();
    }

    /** A search for the nearest point that is asked about one budget. */
    private static BudgetSweep.Result sweep(SuiteResult result, int neverAttacked) {
        AttackPlan plan = AttackPlan.of(Attacks.named(Profile.PAPER, "fgsm"), Norm.LINF, List.of(0.3), Map.of());
        return new BudgetSweep.Result(plan, List.of(result), neverAttacked, 1.5);
    }

    /** A failed attack on the first image, a success within 0.2 on the second. */
    private static AttackResult result() throws IOException {
        return new AttackRunner(LinearModel.threshold(0.5))
                .withCriterion(Criterion.targeted((_, index) -> index == 0 ? 2 : 1))
                .run(new Fgsm(Fgsm.Settings.PAPER), LinearModel.grey(0.3, 0.4));
    }
}
