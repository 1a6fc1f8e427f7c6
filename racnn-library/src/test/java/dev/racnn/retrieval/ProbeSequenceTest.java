package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProbeSequenceTest {
    @Test
    void nearest_boundaries_are_crossed_first() {
        // m = 2: expected squares 2/48, 6/48, 22/48, 34/48; {0, 3} and {1, 2} cross both sides of one function.
        assertThat(Arrays.deepToString(ProbeSequence.of(2, 6))).isEqualTo("[[0], [1], [0, 1], [2], [0, 2], [3]]");
    }

    @Test
    void every_neighbouring_bucket_comes_once() {
        // Three functions, each crossed below, above or not at all, less the query's own bucket: 27 - 1.
        int[][] sets = ProbeSequence.of(3, 1000);
        Set<String> distinct = new HashSet<>();
        for (int[] set : sets) {
            distinct.add(Arrays.toString(set));
        }
        assertThat(sets.length).isEqualTo(26);
        assertThat(distinct).hasSize(26);
    }
}
