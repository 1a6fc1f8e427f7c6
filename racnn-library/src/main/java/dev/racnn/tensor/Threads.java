package dev.racnn.tensor;

import org.bytedeco.pytorch.global.torch;

/** How many threads libtorch computes with. */
public final class Threads {
    private Threads() {}

    /** The number of processors that this process may use. */
    public static int available() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Lets libtorch use this many threads, for the whole process.
     *
     * @throws IllegalArgumentException if the count is not positive
     */
    public static void use(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        torch.set_num_threads(threads);
    }
}
