package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Examples;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.paper.Fgsm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TransferTest {
    @Test
    void what_fools_the_surrogate_is_shown_around_the_image_that_it_was_made_from() throws IOException {
        Examples greys = LinearModel.grey(0.2, 0.3, 0.1);
        AttackResult made = new AttackRunner(LinearModel.threshold(0.5)).run(new Fgsm(Fgsm.Settings.PAPER), greys);

        AttackResult shown = new Transfer(LinearModel.twice(), Criterion.misclassified()).of(made, greys);

        // A grey of .5 is beyond twice .2 and .1, but not beyond twice .3.
        assertThat(shown.outcomes()).extracting(Outcome::success).containsExactly(true, false, true);
    }
}
