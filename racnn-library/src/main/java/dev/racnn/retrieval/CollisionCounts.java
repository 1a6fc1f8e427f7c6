package dev.racnn.retrieval;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** How many of the buckets that a query looked up hold each row; used for one query after the other. */
final class CollisionCounts {
    /** For each row {@link #base} plus its count, or less if this query has not met it. */
    private final int[] counts;

    private final int most;

    /** How many rows have each count. */
    private final int[] rowsByCount;

    /** The rows of this query, in the order in which they were met. */
    private int[] met = new int[1024];

    private int size;
    private int base;

    /** @param most buckets that a query looks up: no count is higher */
    CollisionCounts(int rows, int most) {
        this.counts = new int[rows];
        this.most = most;
        this.rowsByCount = new int[most + 1];
    }

    /**
     * Counts anew: the members of the given buckets, as many of each table. First where all of them begin and end is read,
     * then their members; bucket by bucket, every one would wait for memory twice.
     *
     * @param rows for each table its rows, by bucket
     * @param starts for each table where each bucket starts in its rows, [buckets + 1]
     * @param buckets the buckets to count, [tables, buckets of a table]
     */
    void count(int[][] rows, int[][] starts, int[] buckets) {
        begin();
        int perTable = buckets.length / rows.length;
        int[] begins = new int[buckets.length];
        int[] ends = new int[buckets.length];
        int total = 0;
        for (int i = 0; i < buckets.length; i++) {
            int[] start = starts[i / perTable];
            begins[i] = start[buckets[i]];
            ends[i] = start[buckets[i] + 1];
            total += ends[i] - begins[i];
        }
        if (total > met.length) {
            met = new int[2 * total];
        }
        for (int i = 0; i < buckets.length; i++) {
            int[] members = rows[i / perTable];
            for (int at = begins[i]; at < ends[i]; at++) {
                int row = members[at];
                int count = counts[row];
                if (count <= base) {
                    count = base;
                    met[size++] = row;
                }
                counts[row] = count + 1;
            }
        }
    }

    /** The accepted rows with the highest counts, at least {@code wanted} unless fewer were met, and all of equal counts. */
    int[] most(int wanted, IntPredicate accepted) {
        Arrays.fill(rowsByCount, 0);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int row = met[i];
            if (accepted.test(row)) {
                met[kept++] = row;
                rowsByCount[counts[row] - base]++;
            }
        }
        size = kept;
        int least = most;
        for (int rows = rowsByCount[most]; rows < wanted && least > 1; ) {
            rows += rowsByCount[--least];
        }
        int[] chosen = new int[size];
        int taken = 0;
        for (int i = 0; i < size; i++) {
            if (counts[met[i]] - base >= least) {
                chosen[taken++] = met[i];
            }
        }
        return Arrays.copyOf(chosen, taken);
    }

    private void begin() {
        size = 0;
        if (base > Integer.MAX_VALUE - 2 * most) {
            Arrays.fill(counts, 0);
            base = 0;
        }
        base += most;
    }
}
