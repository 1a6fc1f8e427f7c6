package dev.racnn.retrieval;

import java.util.Arrays;

/**
 * The candidates of one query that can still be among its k nearest, given a lower and an upper bound of each one's
 * distance: a candidate stays as long as its lower bound is at most the k-th smallest upper bound. Rounding errors of a
 * fast scan therefore cannot lose a neighbour; they only leave a few candidates more to be ranked exactly.
 */
final class Shortlist {
    private static final int LEAST_CAPACITY = 64;

    /** The k smallest upper bounds so far as a binary heap, the largest first. */
    private final float[] smallest;

    private int[] rows;
    private float[] lower;
    private int size;

    Shortlist(int k) {
        this.smallest = new float[k];
        Arrays.fill(smallest, Float.MAX_VALUE);
        this.rows = new int[Math.max(LEAST_CAPACITY, k)];
        this.lower = new float[rows.length];
    }

    /** A candidate whose lower bound is above this is not among the k nearest. */
    float limit() {
        return smallest[0];
    }

    void add(int row, float lowerBound, float upperBound) {
        if (size == rows.length) {
            prune();
            if (size > rows.length / 2) {
                rows = Arrays.copyOf(rows, 2 * rows.length);
                lower = Arrays.copyOf(lower, rows.length);
            }
        }
        rows[size] = row;
        lower[size] = lowerBound;
        size++;
        if (upperBound < smallest[0]) {
            replaceLargest(upperBound);
        }
    }

    void addAll(Shortlist other) {
        for (int i = 0; i < other.size; i++) {
            if (other.lower[i] <= limit()) {
                add(other.rows[i], other.lower[i], Float.MAX_VALUE);
            }
        }
        for (float upperBound : other.smallest) {
            if (upperBound < smallest[0]) {
                replaceLargest(upperBound);
            }
        }
    }

    /** The rows that remain, in no particular order. */
    int[] rows() {
        prune();
        return Arrays.copyOf(rows, size);
    }

    private void prune() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (lower[i] <= limit()) {
                rows[kept] = rows[i];
                lower[kept] = lower[i];
                kept++;
            }
        }
        size = kept;
    }

    private void replaceLargest(float upperBound) {
        int place = 0;
        int child = 1;
        while (child < smallest.length) {
            if (child + 1 < smallest.length && smallest[child + 1] > smallest[child]) {
                child++;
            }
            if (smallest[child] <= upperBound) {
                break;
            }
            smallest[place] = smallest[child];
            place = child;
            child = 2 * place + 1;
        }
        smallest[place] = upperBound;
    }
}
