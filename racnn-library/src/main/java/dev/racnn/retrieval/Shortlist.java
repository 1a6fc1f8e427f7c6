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

    private final double squaredNorm;
    private int[] rows;
    private float[] lower;
    private int size;

    /** A list whose bounds are those of (d^2 - squaredNorm) / 2. */
    Shortlist(int k, double squaredNorm) {
        this.squaredNorm = squaredNorm;
        this.smallest = new float[k];
        Arrays.fill(smallest, Float.MAX_VALUE);
        this.rows = new int[Math.max(LEAST_CAPACITY, k)];
        this.lower = new float[rows.length];
    }

    /** A candidate whose lower bound is above this is not among the k nearest. */
    float limit() {
        return smallest[0];
    }

    /** The squared norm of the query, centred. */
    double squaredNorm() {
        return squaredNorm;
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

    /** Keeps the candidates that remain in ascending order of their lower bounds; none may be added any more. */
    void sort() {
        prune();
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = (long) sortable(lower[i]) << Integer.SIZE | i;
        }
        Arrays.sort(order);
        int[] sortedRows = new int[size];
        float[] sortedLower = new float[size];
        for (int i = 0; i < size; i++) {
            sortedRows[i] = rows[(int) order[i]];
            sortedLower[i] = lower[(int) order[i]];
        }
        rows = sortedRows;
        lower = sortedLower;
    }

    int size() {
        return size;
    }

    int row(int place) {
        return rows[place];
    }

    float lowerBound(int place) {
        return lower[place];
    }

    /** Bits that are ordered as the numbers are. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
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
