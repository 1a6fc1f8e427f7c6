package dev.racnn.libtorch;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.EngineKind;
import dev.racnn.retrieval.EngineText;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.RetrievalEngine;

/**
 * Every query against every candidate by libtorch's matrix product and top-k, with the threads of libtorch. The answers are
 * those of {@link dev.racnn.retrieval.Exact}.
 */
public record Libtorch() implements EngineFactory {
    /** Finds this engine in texts. */
    public static final class Kind implements EngineKind {
        public Kind() {}

        @Override
        public String name() {
            return EngineText.name(new Libtorch());
        }

        @Override
        public EngineFactory parse(String text) {
            return EngineText.read(text, new Libtorch());
        }
    }

    @Override
    public boolean findsAll() {
        return true;
    }

    @Override
    public RetrievalEngine build(Keys keys, int threads) {
        return LibtorchSearch.over(keys);
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Libtorch());
    }
}
