package dev.racnn.cli.terminal;

/** Whether somebody watches standard error: progress is then a line that is overwritten. */
final class Terminal {
    /** Goes back to the start of the line and empties it. */
    static final String CLEAR_LINE = "\r\u001b[2K";

    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** {@code System.console()} would ask about standard output, which may be redirected by itself. */
    static boolean isThere() {
        return LibC.isTerminal(STANDARD_ERROR);
    }
}
