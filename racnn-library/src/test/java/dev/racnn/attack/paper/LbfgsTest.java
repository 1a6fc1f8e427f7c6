package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Golden;
import dev.racnn.attack.LinearModel;
import dev.racnn.model.Classifier;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Lbfgs LBFGS = new Lbfgs(Lbfgs.Settings.PAPER);

    @Test
    void on_a_plane_it_ends_at_the_nearest_point() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.threshold(0.5)).run(LBFGS, LinearModel.grey(0.3, 0.45));
        assertThat(result.outcomes().get(0).msd()).isBetween(0.04 * 0.9999, 0.04 * 1.01);
        assertThat(result.outcomes().get(1).msd()).isBetween(0.0025 * 0.9999, 0.0025 * 1.01);
    }

    @Test
    void a_target_out_of_reach_is_a_failed_attack() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.threshold(0.5))
                .withCriterion(Criterion.targeted(2))
                .run(new Lbfgs(new Lbfgs.Settings(1e-5, 5, 5)), LinearModel.grey(0.3));
        assertThat(result.robustAccuracy()).isEqualTo(1);
    }

    @Test
    void distances_are_at_most_a_little_above_those_of_foolbox() throws IOException {
        try (Classifier model = Golden.open()) {
            AttackResult result = new AttackRunner(model).run(LBFGS, Golden.examples(4));
            double[] golden = Golden.distances("lbfgs", 4);
            // Of the first four images two are misclassified unperturbed.
            for (int i = 0; i < 4; i++) {
                assertThat(result.outcomes().get(i).msd()).isLessThanOrEqualTo(golden[i] * 1.02);
            }
        }
    }
}
