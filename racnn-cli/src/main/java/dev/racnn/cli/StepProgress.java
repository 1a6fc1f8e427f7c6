package dev.racnn.cli;

import dev.racnn.attack.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints how far long computations are: a line that is overwritten where there is a terminal, and one line a stage. */
final class StepProgress implements Progress {
    private final PrintWriter err;
    private final boolean terminal = Terminal.isThere();
    private String stage = "";
    private long stageBegin;

    StepProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void update(String name, long done, long total) {
        if (!name.equals(stage)) {
            stage = name;
            stageBegin = System.nanoTime();
        }
        double seconds = (System.nanoTime() - stageBegin) / 1e9;
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
        }
        err.flush();
    }
}
