package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Examples;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UniversalTest {
    @TempDir
    private Path folder;

    @Test
    void one_perturbation_fools_several_images_within_the_ball_and_goes_on_from_its_journal() throws IOException {
        Examples examples = CurvedModel.examples(12);
        ThreatModel budget = new ThreatModel(Norm.LINF, 0.25);
        Universal universal = new Universal(budget, Universal.Settings.MODERN);
        AttackRunner runner = new AttackRunner(CurvedModel.classifier())
                .withJournal(new JournalPlace(folder.resolve("universal.jsonl"), ""));
        SuiteResult result = universal.run(runner, examples);
        assertThat(result.worstCase().cleanAccuracy() - result.robustAccuracy()).isGreaterThan(0.15);
        float[] first = null;
        for (Outcome outcome : result.worstCase().outcomes()) {
            if (!outcome.success() || outcome.msd() == 0) {
                continue;
            }
            float[] point = Objects.requireNonNull(outcome.adversarial());
            float[] image = examples.images()[outcome.index()];
            float[] perturbation = new float[point.length];
            for (int i = 0; i < point.length; i++) {
                // Where a bound cuts it off, nothing is known of it.
                perturbation[i] = point[i] > 0 && point[i] < 1 ? point[i] - image[i] : Float.NaN;
                assertThat(Math.abs(point[i] - image[i])).isLessThanOrEqualTo(0.25f + 1e-5f);
            }
            first = first == null ? perturbation : first;
            for (int i = 0; i < point.length; i++) {
                if (!Float.isNaN(first[i]) && !Float.isNaN(perturbation[i])) {
                    assertThat(perturbation[i]).isCloseTo(first[i], within(1e-5f));
                }
            }
        }
        assertThat(first).isNotNull();
        assertThat(universal.run(runner, examples).robustAccuracy()).isEqualTo(result.robustAccuracy());
    }
}
