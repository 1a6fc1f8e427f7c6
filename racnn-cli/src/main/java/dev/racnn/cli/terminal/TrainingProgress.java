package dev.racnn.cli.terminal;

import dev.racnn.Progress;
import dev.racnn.training.EpochRecord;
import dev.racnn.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Prints how a training goes: a line that is overwritten where there is a terminal, elsewhere one now and then, so that a
 * log shows that something happens; and a line an epoch.
 */
public final class TrainingProgress implements TrainingListener {
    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoseconds;
    private final String goOn;
    private long lastLine;

    /** @param goOn what to do after an interruption */
    public TrainingProgress(PrintWriter err, String goOn) {
        this(err, goOn, Terminal.isThere(), System::nanoTime);
    }

    public TrainingProgress(PrintWriter err, String goOn, boolean terminal, LongSupplier nanoseconds) {
        this.err = err;
        this.goOn = goOn;
        this.terminal = terminal;
        this.nanoseconds = nanoseconds;
        lastLine = nanoseconds.getAsLong();
    }

    @Override
    public void phase(String description) {
        line(description);
    }

    @Override
    public void progress(Progress progress, double secondsLeft) {
        String left = Double.isNaN(secondsLeft) ? "" : "  " + duration(secondsLeft) + " left";
        passing(String.format(
                Locale.ROOT,
                "%s  %,d/%,d %s  %s%s",
                progress.stage(),
                progress.done(),
                progress.total(),
                progress.unit(),
                progress.detail(),
                left));
    }

    @Override
    public void epoch(EpochRecord record) {
        StringBuilder extras = new StringBuilder();
        record.extras().forEach((name, value) -> extras.append(String.format(Locale.ROOT, "  %s %.3f", name, value)));
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
        Interruption.keeps("epoch %s of %s is saved, %s".formatted(record.epoch(), record.stage(), goOn));
    }

    /** What the next report replaces. */
    private void passing(String text) {
        if (terminal) {
            err.print(Terminal.CLEAR_LINE + text);
            err.flush();
        } else if ((nanoseconds.getAsLong() - lastLine) / 1e9 >= StepProgress.SECONDS_BETWEEN_LINES) {
            line(text);
        }
    }

    private void line(String text) {
        err.println((terminal ? Terminal.CLEAR_LINE : "") + text);
        err.flush();
        lastLine = nanoseconds.getAsLong();
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
}
