package dev.racnn.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class YourOwnAttackTest {
    private static final ThreatModel BUDGET = new ThreatModel(Norm.LINF, 0.15);
    private static final Examples IMAGES = CurvedModel.examples(6).at(0, 1, 2, 3, 4);

    private final Classifier network = CurvedModel.classifier();
    private final Classifier defended = CurvedModel.behind(SoftRounding::rounded);

    @Test
    void the_page_shows_this_code() throws IOException {
        String page = Files.readString(Path.of("../docs/attacks/your-own.md"));
        String source = Files.readString(Path.of("src/test/java/dev/racnn/example/SoftRounding.java"));
        String attack = source.substring(source.indexOf("        Pgd pgd"), source.indexOf("    }\n\n    @Override"));
        String path = source.substring(
                source.indexOf("    @Override\n    public GradientSession"), source.lastIndexOf("}\n"));
        assertThat(page).contains(attack.replaceAll("(?m)^ {8}", "").strip());
        assertThat(page).contains(path.replaceAll("(?m)^ {4}", "").strip());
    }

    @Test
    void a_path_of_ones_own_breaks_a_defence_without_gradients() throws IOException {
        AttackResult masked = new AttackRunner(defended).run(Pgd.basic(BUDGET), IMAGES);
        assertThat(masked.masked()).isTrue();
        assertThat(masked.robustAccuracy()).isEqualTo(masked.cleanAccuracy());
        assertThat(masked.cleanAccuracy()).isGreaterThan(0.5);
        AttackResult broken = SoftRounding.attack(defended, network, IMAGES);
        assertThat(broken.masked()).isFalse();
        assertThat(broken.robustAccuracy()).isZero();
        assertThat(broken.gradientPath()).isEqualTo("a rounding that is soft at first");
    }

    @Test
    void an_objective_of_ones_own_asks_for_signals_of_ones_own() throws IOException {
        // As bright as the budget allows: nothing of the model is asked but the rounded pixels.
        Objective brightness = Objective.of(
                "brightness",
                (_, _) -> (at, _) -> at.get(SoftRounding.ROUNDED).flatten(1, -1).mean(1));
        Pgd brighter = new Pgd("brighter", BUDGET, Pgd.Settings.BASIC, brightness, Starts.IMAGE);
        Classifier bright = CurvedModel.behind(images -> images);
        AttackResult result = new AttackRunner(bright)
                .withGradients(new SoftRounding(network::logits))
                .run(brighter, IMAGES);
        assertThat(result.zeroGradientShare()).isZero();
        assertThat(result.outcomes())
                .filteredOn(outcome -> outcome.success() && outcome.msd() > 0)
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome.linf()).isGreaterThan(0.029));
    }
}
