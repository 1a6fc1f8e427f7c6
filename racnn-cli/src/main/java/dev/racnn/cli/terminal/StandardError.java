package dev.racnn.cli.terminal;

/**
 * The standard error stream that the launcher hands over.
 *
 * <p>The virtual machine warns about the incubating Vector API on every start, before any code of ours runs, and has no
 * option against it. So the launcher starts it with standard error discarded and the real one kept as another file
 * descriptor, named by the system property {@code racnn.stderr}; {@link #restore} puts it back.
 */
public final class StandardError {
    private static final int FILE_DESCRIPTOR = 2;

    private StandardError() {}

    /** Makes the descriptor that the launcher named standard error again, for Java and for native code. */
    public static void restore() {
        Integer kept = Integer.getInteger("racnn.stderr");
        if (kept != null && LibC.dup2(kept, FILE_DESCRIPTOR) != FILE_DESCRIPTOR) {
            throw new IllegalStateException("file descriptor " + kept + " could not be made standard error");
        }
    }
}
