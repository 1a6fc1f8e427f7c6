package dev.racnn.candidates;

import java.util.Arrays;
import java.util.Collection;

/** An immutable set of candidate ids whose membership test is cheap enough to run for every candidate of a search. */
final class IdSet {
    static final IdSet EMPTY = new IdSet(emptyTable(2), 0);

    private static final long FREE = -1;

    /** Open addressing: at most half full, a power of two long. */
    private final long[] table;

    private final int size;

    private IdSet(long[] table, int size) {
        this.table = table;
        this.size = size;
    }

    int size() {
        return size;
    }

    boolean contains(long id) {
        return id >= 0 && table[slot(table, id)] == id;
    }

    /** This set and more ids, none of them negative. */
    IdSet plus(Collection<Long> ids) {
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, size + ids.size()) * 2 - 1) * 2);
        long[] larger = emptyTable(capacity);
        int count = 0;
        for (long id : table) {
            if (id != FREE) {
                larger[slot(larger, id)] = id;
                count++;
            }
        }
        for (long id : ids) {
            int slot = slot(larger, id);
            if (larger[slot] == FREE) {
                larger[slot] = id;
                count++;
            }
        }
        return new IdSet(larger, count);
    }

    private static long[] emptyTable(int capacity) {
        long[] table = new long[capacity];
        Arrays.fill(table, FREE);
        return table;
    }

    /** Where the id is, or the free place where it belongs. */
    private static int slot(long[] table, long id) {
        int mask = table.length - 1;
        // Fibonacci hashing spreads consecutive ids.
        int slot = (int) ((id * 0x9E37_79B9_7F4A_7C15L) >>> 32) & mask;
        while (table[slot] != id && table[slot] != FREE) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
