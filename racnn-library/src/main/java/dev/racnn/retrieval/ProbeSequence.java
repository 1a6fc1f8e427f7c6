package dev.racnn.retrieval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Which buckets next to a query's own to look up, most promising first (Lv et al., "Multi-probe LSH", VLDB 2007, sections
 * 4.4 and 4.5). The 2m boundaries of the query's cell are ranked by distance; a probe crosses a set of them, given by
 * ranks. The order of the sets depends on the expected distances of the ranked boundaries only, so one sequence serves
 * all queries and tables. Ranks j and 2m - 1 - j (from 0) are the two sides of one hash function, never crossed together.
 */
final class ProbeSequence {
    private ProbeSequence() {}

    /**
     * The sets of boundary ranks to cross, after the query's own bucket.
     *
     * @param functions m, hash functions of a table
     * @param count sets wanted; fewer if there are no more
     */
    static int[][] of(int functions, int count) {
        double[] expected = expectedSquares(functions);
        List<int[]> sets = new ArrayList<>();
        PriorityQueue<Probe> queue = new PriorityQueue<>(Comparator.comparingDouble(Probe::score));
        queue.add(new Probe(new int[] {0}, expected[0]));
        while (sets.size() < count && !queue.isEmpty()) {
            Probe next = queue.remove();
            int last = next.ranks[next.ranks.length - 1];
            if (last + 1 < expected.length) {
                int[] shifted = next.ranks.clone();
                shifted[shifted.length - 1] = last + 1;
                queue.add(new Probe(shifted, next.score - expected[last] + expected[last + 1]));
                int[] expanded = Arrays.copyOf(next.ranks, next.ranks.length + 1);
                expanded[next.ranks.length] = last + 1;
                queue.add(new Probe(expanded, next.score + expected[last + 1]));
            }
            if (isValid(next.ranks, functions)) {
                sets.add(next.ranks);
            }
        }
        return sets.toArray(int[][]::new);
    }

    /** Expected squares of the ranked distances to the 2m boundaries, in cells (section 4.5). */
    private static double[] expectedSquares(int m) {
        double[] squares = new double[2 * m];
        for (int rank = 1; rank <= 2 * m; rank++) {
            double mirrored = 2.0 * m + 1 - rank;
            squares[rank - 1] = rank <= m
                    ? rank * (rank + 1.0) / (4.0 * (m + 1) * (m + 2))
                    : 1 - mirrored / (m + 1) + mirrored * (mirrored + 1) / (4.0 * (m + 1) * (m + 2));
        }
        return squares;
    }

    private static boolean isValid(int[] ranks, int functions) {
        for (int a : ranks) {
            for (int b : ranks) {
                if (a + b == 2 * functions - 1) {
                    return false;
                }
            }
        }
        return true;
    }

    private record Probe(int[] ranks, double score) {}
}
