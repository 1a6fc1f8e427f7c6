package dev.racnn.attack.modern;

/** How many of the last few attempts succeeded. */
final class SuccessRate {
    private final boolean[] last;
    private int count;

    SuccessRate(int length) {
        this.last = new boolean[length];
    }

    void add(boolean success) {
        last[count % last.length] = success;
        count++;
    }

    /** Whether there have been as many attempts as are remembered since the last {@link #clear}. */
    boolean isFull() {
        return count >= last.length;
    }

    /** The share of successes among the remembered attempts; only once it {@link #isFull}. */
    double rate() {
        int successes = 0;
        for (boolean success : last) {
            if (success) {
                successes++;
            }
        }
        return (double) successes / last.length;
    }

    void clear() {
        count = 0;
    }
}
