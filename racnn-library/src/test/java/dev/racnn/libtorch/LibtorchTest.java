package dev.racnn.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.ExactEngineTest;
import dev.racnn.retrieval.RetrievalEngine;
import org.junit.jupiter.api.Test;

class LibtorchTest extends ExactEngineTest {
    @Override
    protected EngineFactory engine() {
        return new Libtorch();
    }

    @Test
    void it_has_a_text() {
        assertThat(EngineFactory.parse("libtorch")).isEqualTo(new Libtorch()).hasToString("libtorch");
    }

    @Test
    void a_closed_engine_says_so() {
        RetrievalEngine engine = engine().build(ArrayKeys.numbered(new float[4], 2), 1);
        engine.close();
        assertThatThrownBy(() -> engine.search(new float[2], 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
