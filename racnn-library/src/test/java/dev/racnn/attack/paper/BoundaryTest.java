package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Outcome;
import dev.racnn.model.Bounds;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundaryTest {
    private static final Boundary SHORT = new Boundary(Boundary.Settings.PAPER.withIterations(600));

    @Test
    void it_needs_no_gradient_and_comes_near_the_nearest_point_of_a_plane() throws IOException {
        FunctionClassifier opaque =
                new FunctionClassifier(3, Bounds.UNIT, false, images -> LinearModel.logits(images, 0.5));
        AttackResult result = new AttackRunner(opaque).run(SHORT, LinearModel.grey(0.3, 0.45));
        // The plane on which the mean is 0.5 is nearest where every pixel moves by the same amount.
        assertThat(result.outcomes().get(0).msd()).isBetween(0.04 * 0.999, 0.04 * 1.05);
        assertThat(result.outcomes().get(1).msd()).isBetween(0.0025 * 0.999, 0.0025 * 1.05);
        assertThat(result.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.gradientQueries()).isZero());
    }

    @Test
    void a_walk_depends_on_the_seed_and_on_nothing_else() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        Boundary attack = new Boundary(Boundary.Settings.PAPER.withIterations(50));
        List<Outcome> together = runner.run(attack, LinearModel.grey(0.3, 0.45)).outcomes();
        List<Outcome> apart =
                runner.withBatchSize(1).run(attack, LinearModel.grey(0.3, 0.45)).outcomes();
        assertThat(apart.get(1).msd()).isCloseTo(together.get(1).msd(), within(1e-9));
        assertThat(apart.get(1).linf()).isCloseTo(together.get(1).linf(), within(1e-6));
        assertThat(runner.withSeed(1)
                        .run(attack, LinearModel.grey(0.3, 0.45))
                        .outcomes()
                        .get(1)
                        .msd())
                .isNotEqualTo(together.get(1).msd());
    }

    @Test
    void an_example_without_a_start_is_a_failed_attack() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.threshold(0.5))
                .withCriterion(Criterion.targeted((_, index) -> index == 0 ? 2 : 1))
                .run(new Boundary(new Boundary.Settings(20, 25, 10, 1e-2, 1e-2, 1.5)), LinearModel.grey(0.3, 0.45));
        assertThat(result.outcomes().get(0).success()).isFalse();
        assertThat(result.outcomes().get(1).success()).isTrue();
    }
}
