package dev.racnn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.RetrievalQuality;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetrievalBenchmarkTest {
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
                                RetrievalBenchmark.Contender.of(new Exact(), keys, 1),
                                RetrievalBenchmark.Contender.of(
                                        EngineFactory.parse("codes:bits=64,shortlist=5"), keys, 1)),
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
