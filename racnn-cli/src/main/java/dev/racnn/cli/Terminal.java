package dev.racnn.cli;

import java.io.Console;

/** Whether somebody watches: progress is then a line that is overwritten. */
final class Terminal {
    /** Goes back to the start of the line and empties it. */
    static final String CLEAR_LINE = "\r\u001b[2K";

    private Terminal() {}

    @SuppressWarnings(
            "SystemConsoleNull") // It is null where the console comes from java.base, as in some JDK 25 builds.
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
