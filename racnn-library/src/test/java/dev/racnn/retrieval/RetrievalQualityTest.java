package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RetrievalQualityTest {
    @Test
    void recall_counts_the_true_neighbours_found_and_the_ratio_compares_distances_rank_by_rank() {
        Neighbours truth = new Neighbours(2, 2, new long[] {1, 2, 3, 4}, new float[] {0, 4, 1, 4});
        Neighbours found = new Neighbours(2, 2, new long[] {1, 5, 4, 6}, new float[] {0, 9, 4, 16});
        RetrievalQuality quality = RetrievalQuality.of(found, truth);
        assertThat(quality.recall()).isEqualTo(0.5);
        // Rank 0 of the first query is left out; then 3/2, 2/1 and 4/2.
        assertThat(quality.distanceRatio()).isCloseTo((1.5 + 2 + 2) / 3, within(1e-12));
    }

    @Test
    void neighbours_of_different_shape_are_not_compared() {
        Neighbours truth = new Neighbours(1, 2, new long[2], new float[2]);
        Neighbours found = new Neighbours(2, 1, new long[2], new float[2]);
        assertThatThrownBy(() -> RetrievalQuality.of(found, truth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 1]")
                .hasMessageContaining("[1, 2]");
    }
}
