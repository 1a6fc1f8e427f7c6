package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.Starts;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attacks that look for the nearest point do where the boundary is a plane. */
class KnownBoundaryTest {
    /** The third and the sixth value count most, and the sixth the other way round. */
    private static final float[] WEIGHTS = {1, 2, 9, 3, 1, -8, 4, 1, 2, 5, 1, 3};

    /** How far a grey of one half is from the boundary, as the sum of weights times changes. */
    private static final double GAP = 10;

    private static Outcome attacked(Attack attack) throws IOException {
        double sum = 0;
        for (float weight : WEIGHTS) {
            sum += 0.5 * weight;
        }
        return new AttackRunner(LinearModel.weighted(WEIGHTS, sum + GAP))
                .run(attack, LinearModel.grey(0.5))
                .outcomes()
                .getFirst();
    }

    private static float[] changes(Outcome outcome) {
        float[] point = Objects.requireNonNull(outcome.adversarial()).clone();
        for (int i = 0; i < point.length; i++) {
            point[i] -= 0.5f;
        }
        return point;
    }

    @Test
    void jsma_moves_the_pairs_with_the_largest_weights_to_the_bounds() throws IOException {
        // Half of 9 + 8 is not enough, half of 9 + 8 + 5 + 4 is.
        Outcome outcome = attacked(new Jsma(new Jsma.Settings(1, 1, 1)));
        assertThat(changes(outcome)).containsExactly(0, 0, 0.5f, 0, 0, -0.5f, 0.5f, 0, 0, 0.5f, 0, 0);
        assertThat(outcome.gradientQueries()).isEqualTo(4);
    }

    @Test
    void jsma_moves_by_theta_until_it_is_enough() throws IOException {
        // 17 times 0.125 a step: the first two values are at their bounds after four steps, 8.5, and one step of 9
        // times 0.125 more is not enough.
        Outcome outcome = attacked(new Jsma(new Jsma.Settings(0.125, 1, 1)));
        assertThat(changes(outcome)).containsExactly(0, 0, 0.5f, 0, 0, -0.5f, 0.25f, 0, 0, 0.25f, 0, 0);
    }

    @Test
    void jsma_changes_no_more_values_than_gamma_allows() throws IOException {
        assertThat(attacked(new Jsma(new Jsma.Settings(1, 3.9 / 12, 1))).success())
                .isFalse();
        assertThat(attacked(new Jsma(new Jsma.Settings(1, 4 / 12.0, 1))).success())
                .isTrue();
    }

    @Test
    void more_targets_of_jsma_never_need_more_values() throws IOException {
        AttackRunner runner = new AttackRunner(CurvedModel.classifier());
        double[] one = values(runner, 1);
        double[] four = values(runner, 4);
        for (int i = 0; i < one.length; i++) {
            assertThat(four[i]).isLessThanOrEqualTo(one[i]);
        }
        assertThat(four).isNotEqualTo(one);
    }

    private static double[] values(AttackRunner runner, int targets) throws IOException {
        Jsma jsma = new Jsma(new Jsma.Settings(1, 1, targets));
        return runner.run(jsma, CurvedModel.examples(12)).outcomes().stream()
                .mapToDouble(outcome -> outcome.distance(jsma.distance()))
                .toArray();
    }

    @Test
    void sparsefool_finds_the_shortest_way_in_l1_of_a_linear_model_but_for_its_overshoot() throws IOException {
        // In L1: half a unit of the values with 9 and 8, and 0.3 of that with 5; 0.001 beyond the plane is 0.003 of its
        // pixels.
        SparseFool.Settings settings = new SparseFool.Settings(20, 1, 0.001, 3);
        Outcome outcome = attacked(new SparseFool(Norm.L1, settings));
        assertThat(outcome.l1()).isBetween(1.3, 1.3 * 1.001 + 4e-3);
        assertThat(changes(outcome)[9]).isCloseTo(0.3f, within(4e-3f));
        assertThat(attacked(new SparseFool(Norm.L0, settings)).distance(Norm.L0.distance()))
                .isEqualTo(3);
    }

    @Test
    void sparsefool_with_a_larger_lambda_takes_more_values() throws IOException {
        // Three times as far: all values to their bounds make 20, less than 30.
        Outcome outcome = attacked(new SparseFool(Norm.L0, SparseFool.Settings.MODERN));
        assertThat(outcome.distance(Norm.L0.distance())).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"L1, 1.3", "L2, 0.68041", "LINF, 0.25"})
    void brendel_bethge_ends_at_the_nearest_point_of_a_plane(Norm norm, double nearest) throws IOException {
        // 10 over the length of the weights in the dual norm, but for L1, where two values meet their bounds: see
        // above.
        BrendelBethge.Settings settings = new BrendelBethge.Settings(100, 0.05, 0.5, 10, 0.8, 1.1, 10);
        Outcome outcome = attacked(new BrendelBethge(norm, settings));
        assertThat(outcome.distance(norm.distance())).isBetween(nearest - 1e-5, nearest * 1.001);
    }

    @Test
    void brendel_bethge_comes_nearer_than_the_attack_whose_points_it_begins_at() throws IOException {
        AttackRunner runner = new AttackRunner(CurvedModel.classifier());
        AttackResult first = runner.run(new DeepFool(Norm.LINF, DeepFool.Settings.MODERN), CurvedModel.examples(6));
        BrendelBethge.Settings settings = new BrendelBethge.Settings(50, 1e-3, 0.5, 10, 0.8, 1.1, 10);
        BrendelBethge attack = new BrendelBethge(Norm.LINF, settings, Objectives.MARGIN, Starts.at(first));
        AttackResult second = runner.run(attack, CurvedModel.examples(6));
        for (int i = 0; i < 5; i++) {
            assertThat(first.outcomes().get(i).success()).isTrue();
            assertThat(second.outcomes().get(i).linf())
                    .isLessThan(first.outcomes().get(i).linf());
        }
    }

    @Test
    void brendel_bethge_fails_where_there_is_nothing_adversarial_to_begin_at() throws IOException {
        BrendelBethge attack =
                new BrendelBethge(Norm.L2, BrendelBethge.Settings.MODERN, Objectives.MARGIN, Starts.IMAGE);
        Outcome outcome = attacked(attack);
        assertThat(outcome.success()).isFalse();
        assertThat(outcome.gradientQueries()).isZero();
    }

    @Test
    void settings_that_mean_nothing_are_refused() {
        assertThatThrownBy(() -> new Jsma.Settings(1.5, 0.1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "theta and gamma of jsma must be within (0, 1] and targets at least 1, but they are 1.5, 0.1"
                                + " and 1");
        assertThatThrownBy(() -> new BrendelBethge.Settings(10, 1e-3, 0.5, 20, 0.8, 2, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("momentum of brendel-bethge must be within [0, 1) and overshoot within [1, 2), but they are"
                        + " 0.8 and 2.0");
        assertThatThrownBy(() -> new BrendelBethge.Settings(10, 0, 0.5, 20, 0.8, 1.1, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("radius positive");
        assertThatThrownBy(() -> new SparseFool.Settings(20, 0.5, 0.02, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lambda of sparsefool must be at least 1")
                .hasMessageContaining("0.5");
    }
}
