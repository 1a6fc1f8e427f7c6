package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Tensors;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static AttackBatch batch(Criterion criterion, int classes) {
        Examples grey = LinearModel.grey(0.5);
        return new AttackBatch(grey, grey, criterion, Bounds.UNIT, classes, 0, Progress.UNHEARD);
    }

    private static double value(LogitsLoss loss) {
        return value(loss, 3, 1, 2, 0);
    }

    private static double value(LogitsLoss loss, float... logits) {
        return Tensors.toDoubles(loss.of(Tensors.of(logits, 1, logits.length), 0))[0];
    }

    private static double lead(Criterion criterion, int rival, float... logits) {
        return value(Losses.lead(batch(criterion, logits.length), _ -> rival), logits);
    }

    @Test
    void losses_are_those_of_the_formulas_by_hand() {
        AttackBatch plain = batch(Criterion.misclassified(), 4);
        assertThat(value(Losses.margin(plain))).isEqualTo(2 - 3);
        assertThat(value(Losses.logitsRatio(plain))).isCloseTo((2 - 3) / (3.0 - 1), within(1e-6));
        assertThat(value(Losses.targetedLogitsRatio(plain, _ -> 1)))
                .isCloseTo((1 - 3) / (3 - (1 + 0) / 2.0), within(1e-6));
        double sum = Math.exp(3) + Math.exp(1) + Math.exp(2) + 1;
        assertThat(value(Losses.crossEntropy(plain))).isCloseTo(Math.log(sum) - 3, within(1e-6));
    }

    @Test
    void a_target_turns_the_losses_around() {
        AttackBatch aimed = batch(Criterion.targeted(1), 4);
        double sum = Math.exp(3) + Math.exp(1) + Math.exp(2) + 1;
        assertThat(value(Losses.crossEntropy(aimed))).isCloseTo(1 - Math.log(sum), within(1e-6));
        assertThat(value(Losses.margin(aimed))).isEqualTo(1 - 3);
        assertThat(value(Losses.logitsRatio(aimed))).isCloseTo(-0.8, within(1e-6));
    }

    @Test
    void a_target_has_to_overcome_the_best_other_class_not_only_the_true_one() {
        AttackBatch aimed = batch(Criterion.targeted(1), 4);
        assertThat(value(Losses.margin(aimed), 1, 2, 3, 0)).isEqualTo(2 - 3);
        assertThat(lead(Criterion.targeted(1), 1, 1, 2, 3, 0)).isEqualTo(2 - 3);
        assertThat(value(Losses.logitsRatio(aimed), 1, 2, 3, 0)).isCloseTo((2 - 3) / (3 - 0.5), within(1e-6));
    }

    @Test
    void under_top_k_the_k_best_others_have_to_be_ahead() {
        AttackBatch two = batch(Criterion.topK(2), 4);
        assertThat(value(Losses.margin(two))).isEqualTo(1 - 3);
        assertThat(value(Losses.logitsRatio(two))).isCloseTo((1 - 3) / (3.0 - 0), within(1e-6));
        // Class 2 is ahead of the label if the second of the others is; the last class has to get there itself.
        assertThat(lead(Criterion.topK(2), 2, 3, 1, 2, 0)).isEqualTo(1 - 3);
        assertThat(lead(Criterion.topK(2), 3, 3, 1, 2, 0)).isEqualTo(0 - 3);
        assertThat(lead(Criterion.misclassified(), 2, 3, 1, 2, 0)).isEqualTo(2 - 3);
    }

    @Test
    void the_ratio_of_logits_says_how_many_classes_it_needs() {
        assertThatThrownBy(() -> Losses.logitsRatio(batch(Criterion.misclassified(), 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 3 classes, but the model has 2");
        assertThatThrownBy(() -> Losses.targetedLogitsRatio(batch(Criterion.misclassified(), 3), _ -> 1))
                .hasMessageContaining("at least 4 classes, but the model has 3");
    }
}
