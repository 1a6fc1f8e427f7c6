package dev.racnn.retrieval;

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

    /**
     * The k nearest candidates of every query, nearest first; equal distances are ordered by candidate id.
     *
     * @param queries row-major [n, dimension], finite
     * @param k neighbours wanted per query, from 1 to {@link #size()}
     * @throws IllegalArgumentException if the length of {@code queries} is not a multiple of the dimension, a component
     *     is not finite, or k is out of range
     */
    Neighbours search(float[] queries, int k);

    /** Releases files and threads; the engine cannot be used afterwards. */
    @Override
    void close();
}
