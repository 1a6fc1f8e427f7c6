package dev.racnn.retrieval;

import java.util.function.LongPredicate;

/**
 * F, the retrieval engine (section 2.4): finds the candidates whose keys are nearest to a query's key under squared
 * Euclidean distance, k(x, x') = ||phi'(x) - phi'(x')||^2 (equation 1).
 *
 * <p>Engines are safe for concurrent searches. A query's answer does not depend on the other queries of its batch.
 */
public interface RetrievalEngine extends AutoCloseable {
    /** Number of components of a key, at least 1. */
    int dimension();

    /** Number of candidates that a search can return. */
    int size();

    /** Whether equal queries get equal answers, whatever was asked before; engines around others pass it on. */
    default boolean deterministic() {
        return true;
    }

    /**
     * The k nearest candidates of every query, nearest first; equal distances are ordered by candidate id.
     *
     * @param queries row-major [n, dimension], finite
     * @param k neighbours wanted per query, from 1 to {@link #size()}
     * @throws IllegalArgumentException if the length of {@code queries} is not a multiple of the dimension, a component
     *     is not finite, or k is out of range
     */
    default Neighbours search(float[] queries, int k) {
        return search(queries, k, _ -> true);
    }

    /**
     * The k nearest among the candidates that a filter accepts.
     *
     * @param accepted tells whether a candidate id may be returned; called from several threads
     * @throws IllegalArgumentException also if fewer than k candidates are accepted
     */
    Neighbours search(float[] queries, int k, LongPredicate accepted);

    /** Releases files and threads; the engine cannot be used afterwards. */
    @Override
    void close();
}
