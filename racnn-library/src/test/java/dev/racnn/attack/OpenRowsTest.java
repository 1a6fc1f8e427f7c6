package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.Progress;
import dev.racnn.attack.modern.AdditiveNoise;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class OpenRowsTest {
    private static final Examples GREYS = LinearModel.grey(0.1, 0.2, 0.3, 0.4);
    private static final Attack ATTACK =
            new AdditiveNoise(new ThreatModel(Norm.LINF, 1), AdditiveNoise.Settings.MODERN);

    private final AttackBatch batch =
            new AttackBatch(GREYS, GREYS, Criterion.misclassified(), Bounds.UNIT, 3, 0, Progress.UNHEARD);
    private final ScoredModel model = new ScoredModel(
            Votes.of(LinearModel.threshold(0.5), Criterion.misclassified(), 1), null, batch, ATTACK, Keep.NEAREST);

    /** Shows the model points that are brighter by as much; those above a half are adversarial. */
    private void brighten(double amount) {
        try (var _ = Scope.open()) {
            model.decide(batch.originals(batch.rows()).add(new Scalar(amount)), batch.rows());
        }
    }

    @Test
    void the_rows_of_examples_that_are_solved_go_from_all_tensors() {
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held numbers = open.hold(Tensors.of(new float[] {10, 20, 30, 40}, 4));
            brighten(0.25);
            assertThat(open.letGo()).containsExactly(0, 1);
            assertThat(open.rows()).containsExactly(0, 1);
            assertThat(Tensors.toFloats(numbers.get())).containsExactly(10, 20);
            assertThat(Tensors.toFloats(open.originals())[12]).isEqualTo(0.2f);
            numbers.set(Tensors.of(new float[] {1, 2}, 2), 1);
            assertThat(Tensors.toFloats(numbers.get())).containsExactly(10, 2);
            open.keep(1);
            assertThat(open.rows()).containsExactly(1);
            assertThat(Tensors.toFloats(numbers.get())).containsExactly(2);
        }
    }

    @Test
    void the_last_example_leaves_like_the_others_and_none_opens_again() {
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held numbers = open.hold(Tensors.of(new float[4], 4));
            brighten(0.45);
            assertThat(open.letGo()).isEmpty();
            assertThat(open.isEmpty()).isTrue();
            assertThat(Tensors.toFloats(numbers.get())).isEmpty();
            try (OpenRows later = new OpenRows(batch, model);
                    OpenRows all = OpenRows.all(batch, model)) {
                assertThat(later.isEmpty()).isTrue();
                assertThat(Tensors.toFloats(later.originals())).isEmpty();
                assertThat(all.rows()).containsExactly(0, 1, 2, 3);
            }
        }
    }
}
