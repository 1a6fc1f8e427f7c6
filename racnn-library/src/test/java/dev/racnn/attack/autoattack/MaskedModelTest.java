package dev.racnn.attack.autoattack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Golden;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The control of the evaluation: a real CNN behind a layer that kills its gradients, which takes minutes:
 *
 * <pre>mvn test -pl racnn-library -Dtest=MaskedModelTest -Dracnn.slow=true</pre>
 */
@EnabledIfSystemProperty(named = "racnn.slow", matches = "true")
class MaskedModelTest {
    private static final AutoAttack SUITE =
            new AutoAttack(AutoAttack.Version.STANDARD, new ThreatModel(Norm.LINF, 8 / 255.0));

    @Test
    void a_cnn_without_gradients_is_reported_as_masked_and_falls_to_square() throws IOException {
        Examples examples = Golden.examples(48);
        try (Classifier open = Golden.open()) {
            SuiteResult plain = SUITE.run(new AttackRunner(open), examples);
            SuiteResult masked = SUITE.run(
                    new AttackRunner(FunctionClassifier.of(10, images -> open.logits(images.detach()))), examples);
            for (SuiteResult result : new SuiteResult[] {plain, masked}) {
                result.stages()
                        .forEach(stage -> System.out.printf(
                                "MASKED %s: %d attacked, %.4f robust, %.2f zero gradients%n",
                                stage.attack(),
                                stage.attacked(),
                                stage.robustAccuracy(),
                                stage.result().zeroGradientShare()));
                result.flags().forEach(flag -> System.out.println("MASKED " + flag.kind()));
            }
            assertThat(plain.masked()).isFalse();
            assertThat(masked.masked()).isTrue();
            assertThat(masked.flags())
                    .extracting(HealthFlag::kind)
                    .contains(HealthFlag.Kind.ZERO_GRADIENTS, HealthFlag.Kind.GRADIENT_FREE_STRONGER);
            // Two images of 48.
            assertThat(masked.robustAccuracy()).isLessThan(0.05);
        }
    }
}
