package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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

    @Test
    void a_benchmark_measures_every_engine_against_exact_search() {
        GeneratedKeys source = new GeneratedKeys(16, 4, 3, 1);
        ArrayKeys keys = ArrayKeys.numbered(source.draw(500, 2), 16);
        List<EngineMeasurement> measured = new RetrievalBenchmark(5, 8, 1)
                .run(
                        keys,
                        source.draw(20, 3),
                        null,
                        List.of(
                                RetrievalBenchmark.Contender.of(new EngineSpec.Exact(), keys),
                                RetrievalBenchmark.Contender.of(EngineSpec.parse("codes:bits=64,shortlist=5"), keys)),
                        _ -> {});
        assertThat(measured)
                .extracting(EngineMeasurement::engine)
                .containsExactly("exact", "codes:bits=64,shortlist=5");
        assertThat(measured.getFirst().quality()).isEqualTo(new RetrievalQuality(20, 5, 1, 1));
        assertThat(measured.getLast().quality().recall()).isBetween(0.05, 0.99);
        assertThat(measured).allMatch(one -> one.batchQueriesPerSecond() > 0 && one.singleQueriesPerSecond() > 0);
    }

    @Test
    void the_frontier_leaves_out_what_is_surpassed() {
        List<EngineMeasurement> all =
                List.of(measured("slow and exact", 1, 10), measured("fast", 0.9, 100), measured("surpassed", 0.8, 90));
        assertThat(EngineMeasurement.frontier(all))
                .extracting(EngineMeasurement::engine)
                .containsExactly("slow and exact", "fast");
    }

    private static EngineMeasurement measured(String name, double recall, double speed) {
        return new EngineMeasurement(name, 0, 0, new RetrievalQuality(1, 1, recall, 1), speed, speed);
    }
}
