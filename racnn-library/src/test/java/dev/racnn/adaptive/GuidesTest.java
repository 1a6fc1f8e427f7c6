package dev.racnn.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.model.Bounds;
import dev.racnn.racnn.WhiteBox;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuidesTest {
    private static final Examples EXAMPLES = Examples.of(TinyBundle.images(6, 9), 0, 6, Bounds.UNIT);

    @TempDir
    private static Path folder;

    private static TrainedRacnn racnn;
    private static WhiteBox box;

    @BeforeAll
    static void train() throws IOException {
        racnn = TrainedRacnn.make(folder);
        box = racnn.box();
    }

    @AfterAll
    static void close() throws IOException {
        racnn.close();
    }

    private static AttackResult run(ThreatModel budget, int searches, int steps) throws IOException {
        AttackRunner runner = new AttackRunner(box.classifier()).withGradients(new KnownRacnn(box));
        GuideSamples.Settings settings = new GuideSamples.Settings(searches, steps, 5, 8, 0.05);
        return runner.run(new GuideSamples(budget, settings), EXAMPLES);
    }

    @Test
    void guides_break_images_within_a_ball_and_never_leave_it() throws IOException {
        AttackResult found = run(new ThreatModel(Norm.LINF, 0.3), 2, 20);
        assertThat(found.robustAccuracy()).isLessThan(found.cleanAccuracy());
        assertThat(found.outcomes())
                .filteredOn(Outcome::success)
                .allSatisfy(outcome -> assertThat(outcome.linf()).isLessThanOrEqualTo(0.3 + 1e-4));
    }

    @Test
    void more_searches_come_nearer_in_l2() throws IOException {
        // Nothing is within this budget, so that no example is finished early.
        ThreatModel nearest = new ThreatModel(Norm.L2, 0.01);
        AttackResult one = run(nearest, 1, 15);
        AttackResult many = run(nearest, 4, 15);
        assertThat(one.outcomes()).anyMatch(Outcome::success);
        for (int i = 0; i < 6; i++) {
            assertThat(many.outcomes().get(i).l2())
                    .isLessThanOrEqualTo(one.outcomes().get(i).l2());
        }
        assertThat(many.outcomes().stream().mapToDouble(Outcome::l2).sum())
                .isLessThan(one.outcomes().stream().mapToDouble(Outcome::l2).sum());
    }

    @Test
    void guides_of_a_broken_example_become_fewer_down_to_a_majority_of_the_neighbours() {
        GuideSamples.Settings paper = GuideSamples.Settings.PAPER;
        // 100 guides and K = 75: from 38 upwards, a fifth of the way to 50 at a time; the last search keeps 38.
        assertThat(paper.kept(0, 75)).isEqualTo(48);
        assertThat(paper.kept(2, 75)).isEqualTo(43);
        assertThat(paper.kept(4, 75)).isEqualTo(38);
    }

    @Test
    void the_constant_is_ten_times_as_large_until_something_is_found_and_then_halfway() {
        double none = Double.POSITIVE_INFINITY;
        assertThat(GuideSamples.next(1, 1, none)).isEqualTo(10);
        assertThat(GuideSamples.next(1, 0, 1)).isEqualTo(0.1);
        assertThat(GuideSamples.next(10, 1, 10)).isEqualTo(5.5);
    }
}
