package dev.racnn.server.api;

import java.time.Duration;

/** How the service ends: it takes no more requests, and waits for those that it has taken. */
public final class Draining {
    private int running;
    private boolean begun;

    /**
     * From now on requests are refused. Waits until none is being answered, or the time is over.
     *
     * @return how many are still being answered
     */
    public synchronized int drain(Duration grace) {
        begun = true;
        long end = System.nanoTime() + grace.toNanos();
        long left = grace.toMillis();
        while (running > 0 && left > 0) {
            try {
                wait(left);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return running;
            }
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return running;
    }

    synchronized boolean hasBegun() {
        return begun;
    }

    /** Whether a request may begin; {@link #end} must follow if so. */
    synchronized boolean begin() {
        if (!begun) {
            running++;
        }
        return !begun;
    }

    synchronized void end() {
        running--;
        notifyAll();
    }
}
