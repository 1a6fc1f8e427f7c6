package dev.racnn.cli.terminal;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Says after Ctrl-C, or another signal that ends the process, what is kept of the work and how to go on with it. */
public final class Interruption {
    /** What shells expect after Ctrl-C: 128 and the number of the signal. */
    private static final int EXIT_CODE = 130;

    private static final AtomicReference<String> KEPT = new AtomicReference<>("");
    private static final AtomicReference<@Nullable Runnable> END = new AtomicReference<>();

    private Interruption() {}

    /** What is true from now on if the process is interrupted; empty if nothing is to be said. */
    public static void keeps(String sentence) {
        KEPT.set(sentence);
    }

    /** Lets a service end in its own way when the process is told to: that is how it ends, and no interruption. */
    public static void endsWith(Runnable end) {
        END.set(end);
    }

    /** The line for people. */
    static String line() {
        String kept = KEPT.get();
        return "racnn: interrupted" + (kept.isEmpty() ? "" : "; " + kept);
    }

    /** Lets the line be printed when the process is interrupted before the returned thread is taken off again. */
    public static Thread watch(PrintWriter err) {
        Thread last = new Thread(() -> {
            Runnable end = END.get();
            if (end != null) {
                end.run();
                err.flush();
                LibC.exit(0);
            }
            err.println((Terminal.isThere() ? Terminal.CLEAR_LINE : "") + line());
            err.flush();
            // An orderly exit takes libtorch down while it still computes, which crashes; files are safe at any moment.
            LibC.exit(EXIT_CODE);
        });
        Runtime.getRuntime().addShutdownHook(last);
        return last;
    }

    /** The work is over. */
    public static void unwatch(Thread watching) {
        try {
            Runtime.getRuntime().removeShutdownHook(watching);
        } catch (IllegalStateException _) {
            // The process is being interrupted at this moment; the line is printed.
        }
    }
}
