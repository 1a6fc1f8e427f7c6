package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Golden;
import dev.racnn.model.Classifier;
import java.io.IOException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class FgsmTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);

    @Test
    void distances_are_those_of_foolbox_image_by_image() throws IOException {
        try (Classifier model = Golden.open()) {
            AttackResult result = new AttackRunner(model).run(FGSM, Golden.examples(48));
            double[] golden = Golden.distances("fgsm", 48);
            for (int i = 0; i < 48; i++) {
                assertThat(result.outcomes().get(i).msd())
                        .as("image %d", i)
                        .isCloseTo(golden[i], Percentage.withPercentage(0.1));
            }
        }
    }

    @Test
    void one_gradient_is_asked_for_each_image_that_is_classified_correctly() throws IOException {
        try (Classifier model = Golden.open()) {
            AttackResult result = new AttackRunner(model).run(FGSM, Golden.examples(8));
            assertThat(result.cleanAccuracy()).isCloseTo(5 / 8.0, within(1e-12));
            assertThat(result.outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.gradientQueries())
                            .isEqualTo(outcome.cleanPrediction() == outcome.label() ? 1 : 0));
        }
    }

    @Test
    void distances_are_multiples_of_the_step_before_clipping() throws IOException {
        try (Classifier model = Golden.open()) {
            AttackResult result = new AttackRunner(model).run(FGSM, Golden.examples(16));
            assertThat(result.outcomes()).allSatisfy(outcome -> {
                double steps = outcome.distance(Distance.LINF) * 1000;
                assertThat(steps).isCloseTo(Math.rint(steps), within(1e-3));
            });
        }
    }
}
