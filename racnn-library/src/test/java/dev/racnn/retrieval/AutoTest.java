package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "50000 | 3072 | exact",
                "156250 | 128 | exact",
                "156251 | 128 | hnsw",
                "39000 | 511 | exact",
                "40000 | 511 | hnsw",
                "156250 | 512 | exact",
                "156251 | 512 | hnsw:components=256,shortlist=200",
                "78125 | 3072 | exact",
                "78126 | 3072 | hnsw:components=256,shortlist=200",
                "2000000000 | 4096 | hnsw:components=256,shortlist=200"
            })
    void a_scan_that_takes_long_gives_way_to_a_graph(int candidates, int dimension, String engine) {
        assertThat(Auto.choose(candidates, dimension)).hasToString(engine);
    }

    @Test
    void an_engine_that_was_named_stays() {
        ArrayKeys keys = ArrayKeys.numbered(new float[4], 2);
        assertThat(EngineFactory.parse("lsh:probes=3").chosenFor(keys)).hasToString("lsh:probes=3");
        assertThat(EngineFactory.parse("auto").chosenFor(keys)).hasToString("exact");
        assertThat(EngineFactory.parse("auto")).hasToString("auto").isEqualTo(new Auto());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EngineFactory.parse("auto:m=3"))
                .withMessage("retrieval engine auto has no settings, but 'm' was given");
    }

    @Test
    void the_engine_of_one_batch_is_exact_unless_another_was_named() {
        assertThat(Auto.forOneBatch(new Auto())).isEqualTo(new Exact());
        assertThat(Auto.forOneBatch(new Lsh())).isEqualTo(new Lsh());
    }

    @Test
    void it_searches_with_what_it_chooses() {
        ArrayKeys keys = ArrayKeys.numbered(new float[] {0, 0, 3, 4}, 2);
        try (RetrievalEngine engine = new Auto().build(keys, 1)) {
            assertThat(engine.search(new float[] {3, 3}, 1).ids()).containsExactly(1);
        }
    }
}
