package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.model.Bounds;
import org.junit.jupiter.api.Test;

class SuiteTest {
    @Test
    void the_suite_of_the_paper_holds_its_five_attacks_at_the_distances_of_its_first_table() {
        Suite paper = Suite.named("paper");

        assertThat(paper.attacks())
                .extracting(entry -> entry.attack().name())
                .containsExactly("fgsm", "ifgsm", "deepfool", "lbfgs", "boundary");
        assertThat(paper.attacks().getFirst().thresholds()).containsExactly(1e-4, 2e-4, 4e-4);
        assertThat(paper.attacks().get(2).thresholds()).containsExactly(1e-5, 2e-5, 8e-5);
    }

    @Test
    void autoattack_is_run_within_the_budgets_of_its_leaderboard() {
        assertThat(Suite.named("autoattack").attacks())
                .extracting(entry -> entry.attack().threatModel().orElseThrow())
                .containsExactly(new ThreatModel(Norm.LINF, 8 / 255.0), new ThreatModel(Norm.L2, 0.5));
    }

    @Test
    void budgets_grow_with_the_range_of_the_pixels() {
        assertThat(Suite.named("autoattack").attacks())
                .extracting(entry -> entry.attacks()
                        .apply(new Bounds(-1, 254))
                        .threatModel()
                        .orElseThrow()
                        .epsilon())
                .containsExactly(255 * (8 / 255.0), 255 * 0.5);
    }

    @Test
    void attacks_on_decisions_ask_for_no_gradients() {
        assertThat(Suite.named("decision").attacks())
                .noneMatch(entry -> entry.attack().needsGradients());
    }

    @Test
    void every_listed_suite_exists() {
        assertThat(Suite.names())
                .allSatisfy(name -> assertThat(Suite.named(name).name()).isEqualTo(name));
    }

    @Test
    void an_unknown_suite_is_answered_with_the_nearest_known_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Suite.named("papers"))
                .withMessageContaining("'papers'")
                .withMessageContaining("did you mean 'paper'?");
    }
}
