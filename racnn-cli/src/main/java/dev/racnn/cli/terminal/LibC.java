package dev.racnn.cli.terminal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Functions of the C library that Java has no equals of. */
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    private LibC() {}

    /** Makes a descriptor mean the same file as another one; returns it, or -1 on failure. */
    static int dup2(int from, int to) {
        return (int) call(
                "dup2",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                from,
                to);
    }

    /** Whether a descriptor is a terminal. */
    static boolean isTerminal(int descriptor) {
        return (int) call("isatty", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), descriptor) != 0;
    }

    /** Ends the process at once. {@code Runtime.halt} would still run what C++ libraries have to do at the end. */
    static void exit(int code) {
        call("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), code);
    }

    @SuppressWarnings("restricted") // The launcher enables native access.
    private static Object call(String name, FunctionDescriptor type, Object... arguments) {
        // Windows puts a line before the names of POSIX.
        MemorySegment function = LINKER.defaultLookup()
                .find(name)
                .or(() -> LINKER.defaultLookup().find("_" + name))
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
        try {
            return LINKER.downcallHandle(function, type).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
