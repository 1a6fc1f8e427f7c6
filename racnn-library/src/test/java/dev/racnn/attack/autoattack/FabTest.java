package dev.racnn.attack.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FabTest {
    @Test
    void gradients_of_a_surrogate_lead_to_the_boundary_of_the_attacked_model_not_to_its_own() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.7))
                .withGradients(GradientPath.through(LinearModel.threshold(0.5), "surrogate"));
        for (boolean targeted : new boolean[] {false, true}) {
            Outcome outcome = runner.run(Fab.nearest(targeted, Norm.LINF), LinearModel.grey(0.3))
                    .outcomes()
                    .getFirst();
            assertThat(outcome.success()).isTrue();
            assertThat(outcome.linf()).isCloseTo(0.4, within(0.004));
        }
    }
}
