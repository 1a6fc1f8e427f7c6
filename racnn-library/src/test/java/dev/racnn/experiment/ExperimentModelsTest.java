package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that an experiment trains itself, on noise and for an epoch, so that nothing is learnt. */
class ExperimentModelsTest {
    private static final String TEXT = """
        disjointHalves: true
        models:
          phi-prime:
            listed: false
            settings: {precision: fp32, extractor: {epochs: 1, batch: 8}, training: {epochs: 1, batch: 8},
                       retrieval: {neighbours: 1}, localMixup: {steps: 0}}
          One:
            extractor: phi-prime
            settings: {precision: fp32, training: {epochs: 1, batch: 8}, retrieval: {neighbours: 2}, localMixup: {steps: 0}}
          Two:
            extractor: phi-prime
            engine: codes:bits=64,shortlist=3
            settings: {precision: fp32, training: {epochs: 1, batch: 8}, retrieval: {neighbours: 3}, localMixup: {steps: 1}}
        attacks:
          - {attack: fgsm, set: {epsilons: 1}, images: 1, scenarios: [2a], msd: [1e-2]}
        """;

    @TempDir
    private Path folder;

    /** Images to train on. */
    private record Noise(long seed, int images) implements DataSource {
        Noise(long seed) {
            this(seed, 24);
        }

        @Override
        public Dataset train() {
            return TinyBundle.images(images, seed);
        }

        @Override
        public Dataset test() {
            return TinyBundle.images(4, 2);
        }

        @Override
        public DataSource preprocessed(Preprocessing preprocessing) {
            return this;
        }
    }

    private Experiment experiment(String text) throws IOException {
        return ExperimentFile.read(Files.writeString(folder.resolve("noise.yaml"), text));
    }

    private Evaluation run(String text, DataSource data, List<Progress> steps) throws IOException {
        return TinyExperiment.run(
                experiment(text), data, folder.resolve("out"), Part.WHOLE, Integer.MAX_VALUE, steps::add);
    }

    @Test
    void what_is_missing_is_trained_around_one_extractor_and_found_again() throws IOException {
        Evaluation evaluation = run(TEXT, new Noise(1), new ArrayList<>());

        assertThat(evaluation.models()).extracting(ModelEvaluation::name).containsExactly("Surrogate", "One", "Two");
        assertThat(evaluation.models().getLast().retrieval()).satisfies(quality -> {
            assertThat(quality.engine()).isEqualTo("codes:bits=64,shortlist=3");
            assertThat(quality.k()).isEqualTo(3);
            // D' is the other half of 24 images.
            assertThat(quality.candidates()).isEqualTo(12);
        });
        Path models = folder.resolve("out/models");
        try (Bundle extractor = Bundle.open(models.resolve("phi-prime"));
                Bundle one = Bundle.open(models.resolve("One"));
                Bundle two = Bundle.open(models.resolve("Two"))) {
            assertThat(one.surrogateSha256()).isEqualTo(two.surrogateSha256()).isEqualTo(extractor.surrogateSha256());
            assertThat(extractor.hasCandidates()).isFalse();
        }

        List<Progress> again = new ArrayList<>();
        run(TEXT, new Noise(1), again);
        assertThat(again).isEmpty();

        // Another K to train with makes another model than the one that is there.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(TEXT.replace("neighbours: 2", "neighbours: 4"), new Noise(1), again))
                .withMessageContaining("model One")
                .withMessageContaining("trained with retrieval.neighbours = 2, but the experiment asks for 4");
        // And so do other images.
        Files.delete(models.resolve("One/candidates/manifest.json"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(TEXT, new Noise(9), again))
                .withMessageContaining("trained with other candidates")
                .withMessageContaining("not with 12 images of 2 classes, SHA-256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(TEXT, new Noise(1, 28), again))
                .withMessageContaining("trained with other candidates")
                .withMessageContaining("not with 14 images;");
        assertThat(models.resolve("One/candidates/manifest.json")).doesNotExist();
    }

    @Test
    void a_baseline_lends_its_phi_as_it_is_and_is_the_surrogate_itself() throws IOException {
        String text = """
            top: 3
            models:
              Plain:
                settings: {model: baseline, architecture: resnet18, precision: fp32, training: {epochs: 1, batch: 8}}
              Around:
                backbone: Plain
                settings: {precision: fp32, training: {epochs: 2, batch: 8}, retrieval: {neighbours: 2}}
            attacks:
              - {attack: fgsm, set: {epsilons: 1}, images: 1, scenarios: [1, 2b], msd: [1e-2]}
            """;
        Evaluation evaluation = run(text, new Noise(1), new ArrayList<>());

        // With three guesses of ten classes, and Scenario 2 (a) not asked for, which the baseline would serve
        // otherwise.
        assertThat(evaluation.models()).extracting(ModelEvaluation::name).containsExactly("Plain", "Around");
        assertThat(evaluation.models().getFirst().attacks())
                .singleElement()
                .satisfies(attack -> assertThat(attack.criterion()).isEqualTo("top-3"));
        assertThat(evaluation.models().getLast().attacks()).hasSize(2);
        Path models = folder.resolve("out/models");
        try (Bundle plain = Bundle.open(models.resolve("Plain"), Precision.FP32);
                Bundle around = Bundle.open(models.resolve("Around"), Precision.FP32)) {
            assertThat(around.surrogateIs(plain)).isTrue();
            assertThat(around.description().architecture().features()).isEqualTo(512);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(text.replace("top: 3", "top: 2"), new Noise(1), new ArrayList<>()))
                .withMessageContaining("made with another criterion: top-3, not top-2");
    }

    @Test
    void a_bundle_that_is_not_there_and_cannot_be_trained_is_named() throws IOException {
        String text = TEXT.replaceAll("(?s)  phi-prime.*attacks", "  One: {bundle: nowhere}\nattacks");

        assertThatThrownBy(() -> run(text, new Noise(1), new ArrayList<>()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model One")
                .hasMessageContaining("nowhere")
                .hasMessageContaining("add settings");
    }
}
