package dev.racnn.attack;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The best adversarial point of one example so far, and the ones it replaced.
 *
 * <p>The last few predecessors are kept because a point that lies on the decision boundary up to rounding may be
 * adversarial in one batch and not in another; the runner then falls back to the next best one.
 */
final class Scoreboard {
    private static final int KEPT = 8;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private double nearest = Double.POSITIVE_INFINITY;

    /** An adversarial point and what it is ranked by, the lower the better. */
    record Entry(float[] point, double rank) {}

    /** Takes a point over if it is better than all before. */
    void offer(float[] point, double distance, double rank) {
        nearest = Math.min(nearest, distance);
        if (entries.isEmpty() || rank < entries.getFirst().rank()) {
            entries.addFirst(new Entry(point, rank));
            if (entries.size() > KEPT) {
                entries.removeLast();
            }
        }
    }

    /** Distance of the nearest point, infinity if there is none. */
    double nearest() {
        return nearest;
    }

    /** The best point, if there is one. */
    @Nullable
    Entry best() {
        return entries.peekFirst();
    }

    /** Gives up the best point in favour of the one before it. */
    void dropBest() {
        entries.removeFirst();
    }

    /** Forgets all points. */
    void clear() {
        entries.clear();
        nearest = Double.POSITIVE_INFINITY;
    }
}
