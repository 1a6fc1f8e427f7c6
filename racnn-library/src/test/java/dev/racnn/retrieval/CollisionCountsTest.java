package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CollisionCountsTest {
    /** Two tables of three buckets over five rows: {0, 1}, {2}, {3, 4} and {1, 2}, {}, {0, 3, 4}. */
    private static final int[][] ROWS = {{0, 1, 2, 3, 4}, {1, 2, 0, 3, 4}};

    private static final int[][] STARTS = {{0, 2, 3, 5}, {0, 2, 2, 5}};

    private final CollisionCounts counts = new CollisionCounts(5, 4);

    @Test
    void rows_in_most_of_the_buckets_come_first_and_equal_ones_together() {
        counts.count(ROWS, STARTS, new int[] {0, 1, 0, 1});
        // Row 1 and 2 lie in two of these buckets, row 0 in one, rows 3 and 4 in none.
        assertThat(counts.most(1, row -> true)).containsExactlyInAnyOrder(1, 2);
        assertThat(counts.most(3, row -> true)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(counts.most(5, row -> true)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void rows_that_the_filter_refuses_are_not_counted() {
        counts.count(ROWS, STARTS, new int[] {0, 1, 0, 1});
        assertThat(counts.most(1, row -> row % 2 == 0)).containsExactly(2);
    }

    @Test
    void the_next_query_begins_from_nothing() {
        for (int query = 0; query < 3; query++) {
            counts.count(ROWS, STARTS, new int[] {0, 1, 0, 1});
            counts.count(ROWS, STARTS, new int[] {2, 1, 2, 1});
            assertThat(counts.most(1, row -> true)).containsExactlyInAnyOrder(3, 4);
        }
    }
}
