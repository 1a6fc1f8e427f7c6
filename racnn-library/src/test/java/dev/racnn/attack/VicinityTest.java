package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.paper.Fgsm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attacks on a classifier that keeps something of the image around which it is asked. */
class VicinityTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);

    @Test
    void decisions_and_gradients_are_those_around_the_example_that_a_point_belongs_to() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.twice()).run(FGSM, LinearModel.grey(0.4, 0.1, 0.2, 0.3));

        assertThat(result.outcomes()).extracting(Outcome::success).containsOnly(true);
        List<Double> found = result.outcomes().stream().map(Outcome::linf).toList();
        assertThat(found.get(0)).isCloseTo(0.4, within(0.002));
        assertThat(found.get(1)).isCloseTo(0.1, within(0.002));
        assertThat(found.get(2)).isCloseTo(0.2, within(0.002));
        assertThat(found.get(3)).isCloseTo(0.3, within(0.002));
    }

    @Test
    void gradients_of_a_surrogate_leave_decisions_where_they_are() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.twice())
                .withGradients(GradientPath.through(LinearModel.threshold(0.9), "surrogate"))
                .run(FGSM, LinearModel.grey(0.1, 0.3));

        assertThat(result.outcomes().getFirst().linf()).isCloseTo(0.1, within(0.002));
        assertThat(result.outcomes().getLast().linf()).isCloseTo(0.3, within(0.002));
    }
}
