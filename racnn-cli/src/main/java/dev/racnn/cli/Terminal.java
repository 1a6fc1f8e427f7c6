package dev.racnn.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Whether somebody watches standard error: progress is then a line that is overwritten. */
final class Terminal {
    /** Goes back to the start of the line and empties it. */
    static final String CLEAR_LINE = "\r\u001b[2K";

    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** {@code System.console()} would ask about standard output, which may be redirected by itself. */
    @SuppressWarnings("restricted") // The launcher enables native access.
    static boolean isThere() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("isatty")
                .or(() -> linker.defaultLookup().find("_isatty"))
                .map(function -> linker.downcallHandle(
                        function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
                .map(Terminal::isTerminal)
                .orElse(false);
    }

    private static boolean isTerminal(MethodHandle isatty) {
        try {
            return (int) isatty.invokeExact(STANDARD_ERROR) != 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
