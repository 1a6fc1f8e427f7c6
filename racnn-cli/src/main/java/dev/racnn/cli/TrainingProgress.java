package dev.racnn.cli;

import dev.racnn.training.EpochRecord;
import dev.racnn.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints how a training goes: a line that is overwritten where there is a terminal, and a line an epoch everywhere. */
final class TrainingProgress implements TrainingListener {
    private final PrintWriter err;
    private final boolean terminal = Terminal.isThere();

    TrainingProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void phase(String description) {
        line(description);
    }

    @Override
    public void progress(
            String stage,
            int epoch,
            int epochs,
            long images,
            long total,
            double loss,
            double accuracy,
            double imagesPerSecond,
            double secondsLeft) {
        if (terminal) {
            err.printf(
                    Locale.ROOT,
                    "%s%s epoch %d/%d  %,d/%,d images  loss %.3f  accuracy %.1f %%  %.0f images/s  %s left",
                    Terminal.CLEAR_LINE,
                    stage,
                    epoch,
                    epochs,
                    images,
                    total,
                    loss,
                    100 * accuracy,
                    imagesPerSecond,
                    duration(secondsLeft));
            err.flush();
        }
    }

    @Override
    public void epoch(EpochRecord record) {
        StringBuilder extras = new StringBuilder();
        record.extras().forEach((name, value) -> extras.append("  %s %.3f".formatted(name, value)));
        line(String.format(
                Locale.ROOT,
                "%s epoch %d: loss %.3f  train %.2f %%  test %.2f %%  %.0f images/s  %s%s",
                record.stage(),
                record.epoch(),
                record.loss(),
                100 * record.trainAccuracy(),
                100 * record.testAccuracy(),
                record.imagesPerSecond(),
                duration(record.seconds()),
                extras));
    }

    private void line(String text) {
        err.println((terminal ? Terminal.CLEAR_LINE : "") + text);
        err.flush();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // It is null where the console comes from java.base, as in some JDK 25 builds.
    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : "%d min %02d s".formatted(whole / 60, whole % 60);
    }
}
