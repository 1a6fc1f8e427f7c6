package dev.racnn.report;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.data.ImageSize;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Bounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Saves what an attack found: {@code adversarial.npy} with the exact float32 pixels of every example [n, 3, H, W] (NaN where
 * the attack failed), and a PNG for each success. A PNG has 8 bits a channel, so the image in it may no longer be adversarial.
 */
public final class AdversarialImages {
    /** Name of the array file. */
    public static final String ARRAY = "adversarial.npy";

    private AdversarialImages() {}

    /** Writes the files of a sweep; those of several budgets into a folder each. */
    public static void write(BudgetSweep.Result sweep, Path folder) throws IOException {
        for (SuiteResult run : sweep.runs()) {
            AttackResult worst = run.worstCase();
            Path own = worst.threatModel()
                    .filter(_ -> sweep.runs().size() > 1)
                    .map(budget -> folder.resolve("epsilon-" + budget.epsilon()))
                    .orElse(folder);
            write(worst, own);
        }
    }

    /**
     * Writes the files; a PNG is named by the example's index in its data set and its label.
     *
     * @param folder made if it is not there
     */
    public static void write(AttackResult result, Path folder) throws IOException {
        ImageSize size = result.imageSize();
        float[][] rows = new float[result.outcomes().size()][];
        for (int i = 0; i < rows.length; i++) {
            Outcome outcome = result.outcomes().get(i);
            if (outcome.adversarial() == null) {
                rows[i] = new float[size.bytes()];
                Arrays.fill(rows[i], Float.NaN);
            } else {
                rows[i] = outcome.adversarial();
                writePng(
                        folder.resolve(
                                String.format(Locale.ROOT, "%05d-label-%d.png", outcome.index(), outcome.label())),
                        rows[i],
                        size,
                        result.bounds());
            }
        }
        NpyFile.write(folder.resolve(ARRAY), rows, ImageSize.CHANNELS, size.height(), size.width());
    }

    private static void writePng(Path file, float[] pixels, ImageSize size, Bounds bounds) throws IOException {
        byte[] levels = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            levels[i] = (byte) bounds.level(pixels[i]);
        }
        byte[] png = PngImage.png(levels, size.height(), size.width());
        AtomicFile.write(file, out -> out.write(png));
    }
}
