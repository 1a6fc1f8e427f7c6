package dev.racnn.cli.terminal;

import dev.racnn.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Prints how far long computations are: a line that is overwritten where there is a terminal, elsewhere one now and then, so
 * that a log shows that something happens; and one line a stage.
 */
public final class StepProgress implements Consumer<Progress> {
    /** How often a log shows progress. */
    static final double SECONDS_BETWEEN_LINES = 30;

    private final PrintWriter err;
    private final boolean terminal = Terminal.isThere();
    private String stage = "";
    private long stageBegin;
    private long lastLine;

    public StepProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void accept(Progress progress) {
        String name = progress.stage();
        long now = System.nanoTime();
        if (!name.equals(stage)) {
            stage = name;
            stageBegin = now;
            lastLine = now;
        }
        double seconds = (now - stageBegin) / 1e9;
        if (progress.finished()) {
            err.printf(
                    Locale.ROOT,
                    "%s%s: %,d %s in %.0f s%n",
                    terminal ? Terminal.CLEAR_LINE : "",
                    name,
                    progress.total(),
                    progress.unit(),
                    seconds);
        } else if (terminal) {
            err.printf(Locale.ROOT, "%s%s", Terminal.CLEAR_LINE, line(progress, seconds));
        } else if ((now - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES) {
            lastLine = now;
            err.printf(Locale.ROOT, "%s%n", line(progress, seconds));
        }
        err.flush();
    }

    private static String line(Progress progress, double seconds) {
        String total = progress.total() < 0 ? "" : String.format(Locale.ROOT, "of %,d ", progress.total());
        String detail = progress.detail().isEmpty() ? "" : ", " + progress.detail();
        return String.format(
                Locale.ROOT,
                "%s: %,d %s%s, %.0f s%s",
                progress.stage(),
                progress.done(),
                total,
                progress.unit(),
                seconds,
                detail);
    }
}
