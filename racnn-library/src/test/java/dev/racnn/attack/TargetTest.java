package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.paper.Fgsm;
import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Examples that are to be taken for a class of the attacker's choice. */
class TargetTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);

    /** Images of class 0 below the threshold, and of class 1 above. */
    private static AttackResult towards(Criterion criterion, int[] labels, double... greys) throws IOException {
        Examples images = LinearModel.grey(greys);
        return new AttackRunner(LinearModel.threshold(0.5))
                .withCriterion(criterion)
                .run(FGSM, new Examples(images.size(), images.images(), labels, images.indices()));
    }

    @Test
    void an_image_of_the_class_that_it_is_to_be_taken_for_withstands_without_an_attack() throws IOException {
        // The last is of class 0 and taken for class 1, which is no success of somebody who wants class 0.
        AttackResult result = towards(Criterion.targeted(0), new int[] {0, 1, 0}, 0.3, 0.7, 0.6);
        assertThat(result.outcomes()).extracting(Outcome::success).containsExactly(false, true, false);
        assertThat(result.outcomes()).extracting(Outcome::gradientQueries).containsExactly(0L, 1L, 0L);
        assertThat(result.outcomes())
                .extracting(Outcome::forwardQueries)
                .startsWith(1L)
                .endsWith(1L);
        assertThat(result.outcomes().getFirst().msd()).isInfinite();
        assertThat(result.outcomes().getFirst().adversarial()).isNull();
        assertThat(result.masked()).isFalse();
    }

    @Test
    void targets_for_some_examples_alone_are_refused_before_the_attack() {
        Criterion some = new Criterion() {
            @Override
            public String name() {
                return "some";
            }

            @Override
            public boolean isAdversarial(float[] logits, int label, int index) {
                return Decisions.argmax(logits) != label;
            }

            @Override
            public OptionalInt target(int label, int index) {
                return index == 0 ? OptionalInt.of(1) : OptionalInt.empty();
            }
        };
        assertThatThrownBy(() -> towards(some, new int[2], 0.3, 0.4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'some' must name a target for all examples or for none")
                .hasMessageContaining("examples 0 and 1 differ");
    }

    @Test
    void a_target_must_be_a_class() {
        assertThatThrownBy(() -> towards(Criterion.targeted(3), new int[1], 0.3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target of example 0 must be a class from 0 to 2, but is 3");
    }
}
