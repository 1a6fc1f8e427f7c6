package dev.racnn.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The standard error stream that the launcher hands over.
 *
 * <p>The virtual machine warns about the incubating Vector API on every start, before any code of ours runs, and has no
 * option against it. So the launcher starts it with standard error discarded and the real one kept as another file
 * descriptor, named by the system property {@code racnn.stderr}; {@link #restore} puts it back.
 */
final class StandardError {
    private static final int FILE_DESCRIPTOR = 2;

    private StandardError() {}

    /** Makes the descriptor that the launcher named standard error again, for Java and for native code. */
    @SuppressWarnings("restricted") // The launcher enables native access.
    static void restore() {
        Integer kept = Integer.getInteger("racnn.stderr");
        if (kept == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle dup2 = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("dup2"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int result = (int) dup2.invokeExact((int) kept, FILE_DESCRIPTOR);
            if (result != FILE_DESCRIPTOR) {
                throw new IllegalStateException("file descriptor " + kept + " could not be made standard error");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
