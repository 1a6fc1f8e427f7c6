package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NeighboursTest {
    @Test
    void some_of_the_queries_keep_their_neighbours() {
        Neighbours all = new Neighbours(3, 2, new long[] {4, 1, 7, 8, 5, 6}, new float[] {1, 3, 0, 0, 2, 9});
        Neighbours some = all.of(2, 0, 2);
        assertThat(some.queries()).isEqualTo(3);
        assertThat(some.ids()).containsExactly(5, 6, 4, 1, 5, 6);
        assertThat(some.squaredDistances()).containsExactly(2, 9, 1, 3, 2, 9);
    }

    @Test
    void two_answers_about_different_candidates_make_one_in_the_order_of_distance_and_id() {
        Neighbours some = new Neighbours(2, 2, new long[] {4, 1, 7, 8}, new float[] {1, 3, 0, 0});
        Neighbours others = new Neighbours(2, 1, new long[] {2, 6}, new float[] {1, 5});
        Neighbours all = some.with(others, 2);
        assertThat(all.ids()).containsExactly(2, 4, 7, 8);
        assertThat(all.squaredDistances()).containsExactly(1, 1, 0, 0);
        assertThat(others.with(some, 3).ids()).containsExactly(2, 4, 1, 7, 8, 6);
    }
}
