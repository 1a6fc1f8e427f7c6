package dev.racnn.candidates;

import java.util.Arrays;
import java.util.Optional;

/** The permutation that sorts candidate ids, so that a row can be found by its id. */
final class IdOrder {
    private IdOrder() {}

    /**
     * The rows in ascending order of their ids, or nothing if the ids ascend already.
     *
     * @throws IllegalArgumentException if an id occurs twice
     */
    static Optional<int[]> of(long[] ids) {
        if (ascends(ids)) {
            return Optional.empty();
        }
        long[] sorted = ids.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw new IllegalArgumentException(
                        "candidate ids must be unique, but " + sorted[i] + " occurs twice; remove one of the two");
            }
        }
        int[] order = new int[ids.length];
        for (int row = 0; row < ids.length; row++) {
            order[Arrays.binarySearch(sorted, ids[row])] = row;
        }
        return Optional.of(order);
    }

    private static boolean ascends(long[] ids) {
        for (int i = 1; i < ids.length; i++) {
            if (ids[i] <= ids[i - 1]) {
                return false;
            }
        }
        return true;
    }
}
