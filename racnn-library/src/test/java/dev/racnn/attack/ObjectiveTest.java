package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Tensors;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static AttackBatch batch(Criterion criterion, int classes) {
        Examples grey = LinearModel.grey(0.5);
        return new AttackBatch(grey, grey, criterion, Bounds.UNIT, classes, 0, Progress.UNHEARD);
    }

    private static double value(Objective objective) {
        return value(objective, 3, 1, 2, 0);
    }

    private static double value(Objective objective, float... logits) {
        return Tensors.toDoubles(objective.of(Tensors.of(logits, 1, logits.length), 0))[0];
    }

    private static double lead(Criterion criterion, int rival, float... logits) {
        return value(new Objective(Objective.lead(batch(criterion, logits.length)), _ -> rival), logits);
    }

    @Test
    void losses_are_those_of_the_formulas_by_hand() {
        AttackBatch plain = batch(Criterion.misclassified(), 4);
        assertThat(value(Objective.margin(plain))).isEqualTo(2 - 3);
        assertThat(value(Objective.logitsRatio(plain))).isCloseTo((2 - 3) / (3.0 - 1), within(1e-6));
        assertThat(value(Objective.targetedLogitsRatio(plain, _ -> 1)))
                .isCloseTo((1 - 3) / (3 - (1 + 0) / 2.0), within(1e-6));
        double sum = Math.exp(3) + Math.exp(1) + Math.exp(2) + 1;
        assertThat(value(Objective.crossEntropy(plain))).isCloseTo(Math.log(sum) - 3, within(1e-6));
    }

    @Test
    void a_target_turns_the_losses_around() {
        AttackBatch aimed = batch(Criterion.targeted(1), 4);
        double sum = Math.exp(3) + Math.exp(1) + Math.exp(2) + 1;
        assertThat(value(Objective.crossEntropy(aimed))).isCloseTo(1 - Math.log(sum), within(1e-6));
        assertThat(value(Objective.margin(aimed))).isEqualTo(1 - 3);
        assertThat(value(Objective.logitsRatio(aimed))).isCloseTo(-0.8, within(1e-6));
    }

    @Test
    void a_target_has_to_overcome_the_best_other_class_not_only_the_true_one() {
        AttackBatch aimed = batch(Criterion.targeted(1), 4);
        assertThat(value(Objective.margin(aimed), 1, 2, 3, 0)).isEqualTo(2 - 3);
        assertThat(lead(Criterion.targeted(1), 1, 1, 2, 3, 0)).isEqualTo(2 - 3);
        assertThat(value(Objective.logitsRatio(aimed), 1, 2, 3, 0)).isCloseTo((2 - 3) / (3 - 0.5), within(1e-6));
    }

    @Test
    void under_top_k_the_k_best_others_have_to_be_ahead() {
        AttackBatch two = batch(Criterion.topK(2), 4);
        assertThat(value(Objective.margin(two))).isEqualTo(1 - 3);
        assertThat(value(Objective.logitsRatio(two))).isCloseTo((1 - 3) / (3.0 - 0), within(1e-6));
        // Class 2 is ahead of the label if the second of the others is; the last class has to get there itself.
        assertThat(lead(Criterion.topK(2), 2, 3, 1, 2, 0)).isEqualTo(1 - 3);
        assertThat(lead(Criterion.topK(2), 3, 3, 1, 2, 0)).isEqualTo(0 - 3);
        assertThat(lead(Criterion.misclassified(), 2, 3, 1, 2, 0)).isEqualTo(2 - 3);
    }

    @Test
    void the_ratio_of_logits_says_how_many_classes_it_needs() {
        assertThatThrownBy(() -> Objective.logitsRatio(batch(Criterion.misclassified(), 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 3 classes, but the model has 2");
        assertThatThrownBy(() -> Objective.targetedLogitsRatio(batch(Criterion.misclassified(), 3), _ -> 1))
                .hasMessageContaining("at least 4 classes, but the model has 3");
    }
}
