package dev.racnn.server.batch;

import java.time.Duration;

/** Hears of every batch, from the thread that computes it. */
@FunctionalInterface
public interface BatchListener {
    /** Hears nothing. */
    BatchListener NONE = (_, _, _) -> {};

    /**
     * Called when a batch is done.
     *
     * @param size its items
     * @param waited how long its first item was in the queue
     * @param took how long it was computed
     */
    void done(int size, Duration waited, Duration took);
}
