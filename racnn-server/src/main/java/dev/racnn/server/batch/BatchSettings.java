package dev.racnn.server.batch;

import java.time.Duration;

/**
 * How items are gathered into batches.
 *
 * @param largest items in a batch at most, at least 1
 * @param patience how long the first item of a batch waits at most for others to join it; they also join while the batch
 *     before it is being computed
 * @param capacity items that wait at most, at least {@code largest}; more are refused
 */
public record BatchSettings(int largest, Duration patience, int capacity) {
    public BatchSettings {
        if (largest < 1) {
            throw new IllegalArgumentException("the largest batch must hold at least 1 image, but is " + largest);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("the patience of a batch must not be negative, but is " + patience);
        }
        if (capacity < largest) {
            throw new IllegalArgumentException(
                    "the queue must have room for the largest batch, %s images, but is for %s; enlarge the queue, or make batches smaller"
                            .formatted(largest, capacity));
        }
    }
}
