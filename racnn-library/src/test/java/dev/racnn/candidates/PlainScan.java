package dev.racnn.candidates;

import dev.racnn.retrieval.BruteForce;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.util.function.LongPredicate;

/** {@link BruteForce} as an engine, which notices when it is used after it was closed. */
final class PlainScan implements RetrievalEngine {
    static final EngineFactory ENGINE = (keys, _) -> new PlainScan(keys);

    private final Keys keys;
    private volatile boolean closed;

    PlainScan(Keys keys) {
        this.keys = keys;
    }

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
        if (closed) {
            throw new IllegalStateException("searched after it was closed");
        }
        return BruteForce.search(keys, queries, k, accepted);
    }

    @Override
    public void close() {
        closed = true;
    }
}
