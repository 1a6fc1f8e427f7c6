package dev.racnn.retrieval;

import java.util.Arrays;

/**
 * The candidates of one query that can still be among its k nearest, given a lower and an upper bound of each one's
 * distance: a candidate stays as long as its lower bound is at most the k-th smallest upper bound. Rounding errors of a
 * fast scan therefore cannot lose a neighbour; they only leave a few candidates more to be ranked exactly.
 */
final class Shortlist {
    private final int k;
    private int[] rows;
    private float[] lower;
    private float[] upper;
    private int size;
    private float limit = Float.MAX_VALUE;

    Shortlist(int k) {
        this.k = k;
        int capacity = Math.max(64, k > Integer.MAX_VALUE / 4 ? k : 3 * k);
        this.rows = new int[capacity];
        this.lower = new float[capacity];
        this.upper = new float[capacity];
    }

    /** A candidate whose lower bound is above this is not among the k nearest. */
    float limit() {
        return limit;
    }

    void add(int row, float lowerBound, float upperBound) {
        if (size == rows.length) {
            prune();
            if (size > rows.length / 2) {
                int capacity = 2 * rows.length;
                rows = Arrays.copyOf(rows, capacity);
                lower = Arrays.copyOf(lower, capacity);
                upper = Arrays.copyOf(upper, capacity);
            }
        }
        rows[size] = row;
        lower[size] = lowerBound;
        upper[size] = upperBound;
        size++;
    }

    void addAll(Shortlist other) {
        for (int i = 0; i < other.size; i++) {
            add(other.rows[i], other.lower[i], other.upper[i]);
        }
    }

    /** The rows that remain, in no particular order. */
    int[] rows() {
        prune();
        return Arrays.copyOf(rows, size);
    }

    private void prune() {
        if (size <= k) {
            return;
        }
        float[] sorted = Arrays.copyOf(upper, size);
        Arrays.sort(sorted);
        limit = Math.min(limit, sorted[k - 1]);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (lower[i] <= limit) {
                rows[kept] = rows[i];
                lower[kept] = lower[i];
                upper[kept] = upper[i];
                kept++;
            }
        }
        size = kept;
    }
}
