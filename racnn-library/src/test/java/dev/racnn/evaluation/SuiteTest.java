package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
