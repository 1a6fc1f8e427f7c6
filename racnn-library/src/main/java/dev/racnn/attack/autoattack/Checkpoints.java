package dev.racnn.attack.autoattack;

/**
 * When Auto-PGD looks back: for 100 iterations after 22, then at intervals of 19, 16, 13, 10, 7, and from then on 6.
 */
final class Checkpoints {
    private static final double FIRST = 0.22;
    private static final double SHRINKAGE = 0.03;
    private static final double SHORTEST = 0.06;

    private final int shrinkage;
    private final int shortest;
    private int interval;
    private int elapsed;

    Checkpoints(int iterations) {
        this.interval = Math.max((int) (FIRST * iterations), 1);
        this.shrinkage = Math.max((int) (SHRINKAGE * iterations), 1);
        this.shortest = Math.max((int) (SHORTEST * iterations), 1);
    }

    /** Counts an iteration; the length of the interval if one ends with it, otherwise 0. */
    int advance() {
        elapsed++;
        if (elapsed < interval) {
            return 0;
        }
        int ended = interval;
        interval = Math.max(interval - shrinkage, shortest);
        elapsed = 0;
        return ended;
    }
}
