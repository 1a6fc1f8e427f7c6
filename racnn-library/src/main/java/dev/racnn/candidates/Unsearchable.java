package dev.racnn.candidates;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.util.function.LongPredicate;

/** In the place of an engine where a candidate set is only changed or looked through. */
record Unsearchable(Keys keys) implements RetrievalEngine {
    static final EngineFactory ENGINE = (keys, _) -> new Unsearchable(keys);

    @Override
    public int dimension() {
        return keys.dimension();
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        throw new IllegalStateException("the candidate set was opened without an engine; open it with one to search");
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
