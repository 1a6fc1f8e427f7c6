package dev.racnn.cli.terminal;

import dev.racnn.attack.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints how far long computations are: a line that is overwritten where there is a terminal, elsewhere one now and then, so
 * that a log shows that something happens; and one line a stage.
 */
public final class StepProgress implements Progress {
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
    public void update(String name, long done, long total) {
        long now = System.nanoTime();
        if (!name.equals(stage)) {
            stage = name;
            stageBegin = now;
            lastLine = now;
        }
        double seconds = (now - stageBegin) / 1e9;
        if (done >= total) {
            err.printf(
                    Locale.ROOT,
                    "%s%s: %,d images in %.0f s%n",
                    terminal ? Terminal.CLEAR_LINE : "",
                    name,
                    total,
                    seconds);
        } else if (terminal) {
            err.printf(Locale.ROOT, "%s%s: %,d of %,d images, %.0f s", Terminal.CLEAR_LINE, name, done, total, seconds);
        } else if ((now - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES) {
            lastLine = now;
            err.printf(Locale.ROOT, "%s: %,d of %,d images, %.0f s%n", name, done, total, seconds);
        }
        err.flush();
    }
}
