package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultEngineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "50000 | 3072 | exact",
                "156250 | 128 | exact",
                "156251 | 128 | hnsw",
                "39000 | 511 | exact",
                "40000 | 511 | hnsw",
                "78125 | 512 | exact",
                "78126 | 512 | hnsw:components=256,shortlist=200",
                "2000000000 | 4096 | hnsw:components=256,shortlist=200"
            })
    void a_scan_that_takes_long_gives_way_to_a_graph(int candidates, int dimension, String engine) {
        assertThat(DefaultEngine.choose(candidates, dimension)).hasToString(engine);
    }

    @Test
    void an_engine_that_was_named_stays() {
        ArrayKeys keys = ArrayKeys.numbered(new float[4], 2);
        assertThat(DefaultEngine.parse("lsh:probes=3", keys)).hasToString("lsh:probes=3");
        assertThat(DefaultEngine.parse("auto", keys)).hasToString("exact");
        assertThat(DefaultEngine.name("opensearch:http://a:1", keys)).isEqualTo("opensearch:http://a:1");
        assertThat(DefaultEngine.name("auto", keys)).isEqualTo("exact");
        assertThatIllegalArgumentException().isThrownBy(() -> DefaultEngine.parse("auto:m=3", keys));
    }
}
