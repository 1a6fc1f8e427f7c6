package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.data.DataSource;
import dev.racnn.data.MatlabFiles;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.report.HtmlReport;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiment of SVHN as it stands in its file, on a few digits in the format of the official files. */
class SvhnExperimentTest {
    @TempDir
    private Path folder;

    @Test
    void every_line_of_the_experiment_runs_on_small_files_in_the_official_format() throws IOException {
        write("train", 20);
        write("extra", 24);
        write("test", 5);
        // Models, scenarios and attacks are those of the file; shorter, with fewer images.
        String text = Files.readString(Path.of("../experiments/svhn-table2.yaml"))
                .replaceAll("epochs: \\d+", "epochs: 1, batch: 10")
                .replaceAll("\\{model: ", "{precision: fp32, model: ")
                .replaceAll("images: \\d+(, batch: \\d+)?", "images: 1, batch: 1")
                .replace("attack: fgsm", "attack: fgsm, set: {epsilons: 2}")
                .replace("attack: ifgsm", "attack: ifgsm, set: {epsilons: 2, steps: 2}")
                .replace("attack: deepfool", "attack: deepfool, set: {steps: 1}")
                // In one scenario of three: it goes through thirty constants, whatever its settings.
                .replaceAll(
                        "attack: lbfgs(.*)scenarios: \\[.*?\\]",
                        "attack: lbfgs, set: {iterations: 1, epsilon: 10}$1scenarios: [2a]")
                .replace("attack: boundary", "attack: boundary, set: {iterations: 1, starts: 2}");
        Experiment experiment = ExperimentFile.read(Files.writeString(folder.resolve("small.yaml"), text));

        Evaluation evaluation = TinyExperiment.run(
                experiment,
                DataSource.parse("svhn:" + folder),
                folder.resolve("out"),
                Part.WHOLE,
                Integer.MAX_VALUE,
                Progress.UNHEARD);

        assertThat(evaluation.complete()).isTrue();
        assertThat(evaluation.models())
                .extracting(ModelEvaluation::name)
                .containsExactly("Baseline", "Surrogate", "RaCNN-K5", "RaCNN-K5-mixup", "RaCNN-K10", "RaCNN-K10-mixup");
        for (ModelEvaluation model : evaluation.models()) {
            assertThat(model.clean().n()).isEqualTo(5);
            boolean racnn = model.name().startsWith("RaCNN");
            assertThat(model.attacks()).as(model.name()).hasSize(racnn ? 13 : 5);
            if (racnn) {
                // D' is the extra images.
                assertThat(Objects.requireNonNull(model.retrieval()).candidates())
                        .isEqualTo(24);
            }
        }
        // Table 2 has 50 numbers.
        assertThat(evaluation.published()).hasSize(50);
        // Figure 2 shows transferred points also where nothing else was run in Scenario 2.
        assertThat(HtmlReport.of(evaluation))
                .contains("Boundary: Scenario 2, the retrieval", "L-BFGS: Scenario 2, the retrieval");
    }

    private void write(String split, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(count);
        byte[] pixels = new byte[32 * 32 * 3 * count];
        random.nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (1 + i % 10);
        }
        MatlabFiles file = new MatlabFiles(ByteOrder.LITTLE_ENDIAN)
                .add("X", MatlabFiles.MX_UINT8, new int[] {32, 32, 3, count}, MatlabFiles.MI_UINT8, pixels, true)
                .add("y", MatlabFiles.MX_UINT8, new int[] {count, 1}, MatlabFiles.MI_UINT8, labels, true);
        Files.write(folder.resolve(split + "_32x32.mat"), file.bytes());
    }
}
