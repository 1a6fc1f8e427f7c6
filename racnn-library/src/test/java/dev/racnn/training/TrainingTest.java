package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    private static final List<String> SMALL = List.of(
            "precision=fp32",
            "extractor.epochs=2",
            "extractor.batch=12",
            "training.epochs=2",
            "training.batch=12",
            "retrieval.neighbours=3");

    @TempDir
    private Path folder;

    @Test
    void a_racnn_learns_what_can_be_learnt() throws IOException {
        train(folder.resolve("bundle"), TrainingListener.SILENT, "training.epochs=4", "extractor.epochs=4");
        BundleDescription description = BundleDescription.read(folder.resolve("bundle"));
        assertThat(description.kind()).isEqualTo(BundleDescription.Kind.RACNN);
        assertThat(description.testAccuracy()).isGreaterThan(0.9);
        assertThat(folder.resolve("bundle").resolve("checkpoint-racnn.safetensors"))
                .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localMixup.update=alternate",
                "localMixup.steps=0",
                "localMixup.stopGradient=true",
                "retrieval.attention=cosine",
                "retrieval.attention=uniform",
                "retrieval.key=pixels",
                "retrieval.key=penultimate",
                "retrieval.excludeSelf=false",
                "retrieval.start=scratch",
                "finalMap=whole"
            })
    void every_ablation_trains(String change) throws IOException {
        Path bundle = folder.resolve("bundle");
        train(bundle, TrainingListener.SILENT, change, "training.epochs=1", "extractor.epochs=1");
        try (Bundle opened = Bundle.open(bundle)) {
            assertThat(opened.description().testImages()).isEqualTo(12);
        }
    }

    @Test
    void a_training_killed_at_any_epoch_resumes_to_the_same_weights() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.SILENT);
        for (int killedAfter = 1; killedAfter <= 4; killedAfter++) {
            Path interrupted = folder.resolve("interrupted-" + killedAfter);
            int epochs = killedAfter;
            List<String> seen = new ArrayList<>();
            TrainingListener killer = new TrainingListener() {
                @Override
                public void epoch(EpochRecord record) {
                    seen.add(record.stage());
                    if (seen.size() == epochs) {
                        throw new Killed();
                    }
                }
            };
            assertThatThrownBy(() -> train(interrupted, killer)).isInstanceOf(Killed.class);
            training(interrupted, TrainingListener.SILENT).run(true, null);
            assertThat(Bundle.sha256(interrupted.resolve(Bundle.WEIGHTS)))
                    .as("killed after %d epochs", killedAfter)
                    .isEqualTo(Bundle.sha256(whole.resolve(Bundle.WEIGHTS)));
            assertThat(Files.readAllLines(interrupted.resolve(TrainingLog.FILE)))
                    .hasSize(4);
        }
    }

    @Test
    void kill_nine_loses_at_most_the_epoch_under_way() throws Exception {
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.SILENT);
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainingTest.class.getName(),
                        killed.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
        Path checkpoint = killed.resolve("checkpoint-racnn.safetensors");
        while (process.isAlive() && !Files.exists(checkpoint)) {
            Thread.sleep(5);
        }
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.resolve("child.log").resolveSibling(TrainingLog.FILE)).exists();
        training(killed, TrainingListener.SILENT).run(true, null);
        assertThat(Bundle.sha256(killed.resolve(Bundle.WEIGHTS)))
                .isEqualTo(Bundle.sha256(whole.resolve(Bundle.WEIGHTS)));
    }

    @Test
    void a_folder_that_is_not_empty_or_of_other_settings_is_left_alone() throws IOException {
        Path bundle = folder.resolve("bundle");
        train(bundle, TrainingListener.SILENT, "model=baseline", "training.epochs=1");
        String weights = Bundle.sha256(bundle.resolve(Bundle.WEIGHTS));
        assertThatThrownBy(() -> train(bundle, TrainingListener.SILENT)).hasMessageContaining("--resume");
        assertThatThrownBy(() ->
                        training(bundle, TrainingListener.SILENT, "seed=5").run(true, null))
                .hasMessageContaining("other settings");
        assertThat(Bundle.sha256(bundle.resolve(Bundle.WEIGHTS))).isEqualTo(weights);
    }

    @Test
    void a_loss_that_is_no_number_stops_with_step_rate_and_remedy() {
        assertThatThrownBy(() -> train(
                        folder.resolve("bundle"),
                        TrainingListener.SILENT,
                        "model=baseline",
                        "training.learningRate=1e30",
                        "training.warmup=0"))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("at step ")
                .hasMessageContaining("learning rate")
                .hasMessageContaining("lower training.learningRate");
    }

    @Test
    void more_neighbours_than_candidates_are_refused() {
        assertThatThrownBy(() -> train(
                        folder.resolve("bundle"),
                        TrainingListener.SILENT,
                        "retrieval.neighbours=36",
                        "extractor.epochs=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36")
                .hasMessageContaining("the query itself");
    }

    /** The child of {@link #kill_nine_loses_at_most_the_epoch_under_way}. */
    public static void main(String[] args) throws IOException {
        train(Path.of(args[0]), TrainingListener.SILENT);
    }

    private static void train(Path bundle, TrainingListener listener, String... changes) throws IOException {
        training(bundle, listener, changes).run(false, null);
    }

    private static Training training(Path bundle, TrainingListener listener, String... changes) throws IOException {
        List<String> overrides = new ArrayList<>(SMALL);
        overrides.addAll(List.of(changes));
        Dataset data = new SyntheticImages(36, 1);
        return new Training(
                SettingsFile.read(null, overrides), data, new SyntheticImages(12, 2), data, bundle, listener, 1);
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
