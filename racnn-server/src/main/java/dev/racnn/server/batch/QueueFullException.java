package dev.racnn.server.batch;

import java.time.Duration;

/** Items were refused because too many wait already. */
public final class QueueFullException extends Exception {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    QueueFullException(int waiting, int capacity, int refused, Duration retryAfter) {
        super("the queue has room for %s images and %s are waiting, so %s more were refused; try again in %s s"
                .formatted(capacity, waiting, refused, retryAfter.toSeconds()));
        this.retryAfter = retryAfter;
    }

    /** When there should be room, in whole seconds, at least one. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
