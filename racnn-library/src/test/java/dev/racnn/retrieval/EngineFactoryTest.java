package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineFactoryTest {
    @Test
    void settings_left_out_have_their_defaults() {
        assertThat(EngineFactory.parse("lsh")).isEqualTo(new Lsh());
        assertThat(EngineFactory.parse("lsh:tables=8,bits=12,width=2.5"))
                .isEqualTo(new Lsh(8, 12, 24, 2.5, 0, new Approximation(0, 0, 60, 1)));
        assertThat(EngineFactory.parse(" hnsw : m = 24 , project = 256 "))
                .isEqualTo(new Hnsw(24, 200, new Approximation(256, 0, 50, 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact",
                "exact:components=64",
                "codes:components=128,shortlist=50",
                "lsh:tables=8,probes=2,width=2.5,seed=7",
                "codes:bits=512",
                "hnsw:m=32,build=100"
            })
    void what_is_printed_is_what_was_parsed(String text) {
        assertThat(EngineFactory.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hsnw:m=16 | unknown retrieval engine 'hsnw'; known are exact, lsh, codes, hnsw, auto, libtorch",
                "hsnw:m=16 | did you mean 'hnsw'?",
                "lsh:table=4 | unknown setting 'table' of retrieval engine lsh; known are tables, bits, probes, width,",
                "lsh:table=4 | did you mean 'tables'?",
                "codes:fresh=maybe | setting fresh of retrieval engine codes must be true or false, such as"
                        + " fresh=false, but was 'maybe'",
                "hnsw:m=many | setting m of retrieval engine hnsw must be a whole number, such as m=16, but was 'many'",
                "hnsw:m=8,m=16 | setting m of retrieval engine hnsw must be given once, but 'hnsw:m=8,m=16' gives it"
                        + " again",
                "hnsw:m=1 | retrieval engine hnsw: setting m must be from 2 to 512, but was 1",
                "hnsw:m=20,build=10 | setting build must be from 20 to 3200, but was 10",
                "codes:bits=100 | bits of a code must be a multiple of 64, but was 100",
                "lsh:project=64,components=64 | settings project and components exclude each other, but are 64 and 64",
                "lsh:width=0 | width must be above 0",
                "lsh:project=-1 | setting project must be from 0 to 65536, but was -1",
                "hnsw:shortlist | setting shortlist of retrieval engine hnsw must be a whole number"
            })
    void what_is_wrong_is_named_with_the_remedy(String text, String message) {
        assertThatThrownBy(() -> EngineFactory.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
