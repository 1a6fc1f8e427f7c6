package dev.racnn.retrieval;

import java.util.Arrays;

/**
 * The candidates of one query whose distance can be up to some limit, given a lower and an upper bound of each one's
 * distance: a candidate stays as long as its lower bound is at most the k-th smallest upper bound. Rounding errors of a
 * fast scan therefore cannot lose a neighbour; they only leave a few candidates more to be ranked exactly.
 */
final class Shortlist {
    private static final int FIRST_CAPACITY = 64;

    /** With more neighbours, to find the k-th bound once in a while is cheaper than to keep it. */
    private static final int MOST_KEPT = 64;

    private final double squaredNorm;
    private int k;
    private float limit = Float.MAX_VALUE;
    private int[] rows;
    private float[] lower;
    private float[] upper;
    private int size;
    private float[] smallest;
    private int smallestSize;

    /** A list whose bounds are those of (d^2 - squaredNorm) / 2. */
    Shortlist(int k, double squaredNorm) {
        this.k = k;
        this.squaredNorm = squaredNorm;
        this.smallest = new float[k <= MOST_KEPT ? k : 0];
        this.rows = new int[FIRST_CAPACITY];
        this.lower = new float[rows.length];
        this.upper = new float[rows.length];
    }

    /** Of the candidates offered, all are listed whose lower bound is at most this. */
    float limit() {
        return limit;
    }

    /** Whether all candidates offered are listed. */
    boolean isComplete() {
        return limit == Float.MAX_VALUE;
    }

    /** The squared norm of the query, centred. */
    double squaredNorm() {
        return squaredNorm;
    }

    /** From now on the limit falls only when this many candidates are known to be below it. */
    void prolong(int newK) {
        prune();
        k = newK;
        smallest = new float[k <= MOST_KEPT ? k : 0];
        smallestSize = 0;
        for (int i = 0; i < size; i++) {
            keep(upper[i]);
        }
    }

    void add(int row, float lowerBound, float upperBound) {
        if (size == rows.length) {
            prune();
            if (size > rows.length / 2) {
                grow();
            }
        }
        rows[size] = row;
        lower[size] = lowerBound;
        upper[size] = upperBound;
        size++;
        keep(upperBound);
    }

    /** Keeps the k smallest upper bounds in order, unless they are many; the last of them is the limit. */
    private void keep(float upperBound) {
        if (smallest.length == 0 || (smallestSize == k && upperBound >= smallest[k - 1])) {
            return;
        }
        int place = smallestSize == k ? k - 1 : smallestSize++;
        for (; place > 0 && smallest[place - 1] > upperBound; place--) {
            smallest[place] = smallest[place - 1];
        }
        smallest[place] = upperBound;
        if (smallestSize == k) {
            limit = Math.min(limit, smallest[k - 1]);
        }
    }

    void addAll(Shortlist other) {
        limit = Math.min(limit, other.limit);
        for (int i = 0; i < other.size; i++) {
            add(other.rows[i], other.lower[i], other.upper[i]);
        }
    }

    /** Brings the limit up to date and drops the candidates above it. */
    private void prune() {
        if (smallest.length == 0 && size >= k) {
            limit = Math.min(limit, kth(Arrays.copyOf(upper, size), k));
        }
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

    private void grow() {
        int capacity = Math.multiplyExact(2, rows.length);
        rows = Arrays.copyOf(rows, capacity);
        lower = Arrays.copyOf(lower, capacity);
        upper = Arrays.copyOf(upper, capacity);
    }

    int row(int place) {
        return rows[place];
    }

    /** The places of the list in ascending order of their lower bounds, each as a {@link SortableFloat} with its bound. */
    long[] places() {
        long[] places = new long[size];
        for (int place = 0; place < size; place++) {
            places[place] = SortableFloat.pair(lower[place], place);
        }
        Arrays.sort(places);
        return places;
    }

    /** The k-th smallest of some numbers, which are reordered (quickselect; Hoare, CACM 1961). */
    private static float kth(float[] values, int k) {
        int first = 0;
        int last = values.length - 1;
        while (first < last) {
            float pivot = values[(first + last) >>> 1];
            int left = first;
            int right = last;
            while (left <= right) {
                while (values[left] < pivot) {
                    left++;
                }
                while (values[right] > pivot) {
                    right--;
                }
                if (left <= right) {
                    float swapped = values[left];
                    values[left] = values[right];
                    values[right] = swapped;
                    left++;
                    right--;
                }
            }
            if (k - 1 <= right) {
                last = right;
            } else if (k - 1 >= left) {
                first = left;
            } else {
                break;
            }
        }
        return values[k - 1];
    }
}
