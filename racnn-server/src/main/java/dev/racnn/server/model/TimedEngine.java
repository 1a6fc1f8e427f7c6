package dev.racnn.server.model;

import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * A retrieval engine whose searches are timed.
 *
 * @param engine that searches
 * @param nanoseconds hears how long each search took
 */
record TimedEngine(RetrievalEngine engine, LongConsumer nanoseconds) implements RetrievalEngine {
    @Override
    public int dimension() {
        return engine.dimension();
    }

    @Override
    public int size() {
        return engine.size();
    }

    @Override
    public boolean deterministic() {
        return engine.deterministic();
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        long begin = System.nanoTime();
        Neighbours found = engine.search(queries, k);
        nanoseconds.accept(System.nanoTime() - begin);
        return found;
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        long begin = System.nanoTime();
        Neighbours found = engine.search(queries, k, accepted);
        nanoseconds.accept(System.nanoTime() - begin);
        return found;
    }

    @Override
    public void close() {
        engine.close();
    }
}
