package dev.racnn.retrieval;

import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * The part of an engine that differs: proposes, for each query, rows that are likely to be its nearest. It works on the
 * keys or on a projection of them; {@link IndexedEngine} ranks what it proposes by the full keys.
 */
interface RowSearch extends AutoCloseable {
    /** The filter that accepts every row; an index may recognise it and ask nothing. */
    enum EveryRow implements IntPredicate {
        ACCEPTED;

        @Override
        public boolean test(int row) {
            return true;
        }
    }

    /**
     * Proposes rows for every query.
     *
     * @param queries row-major [count, dimension of the index]
     * @param wanted rows wanted per query, at most the number of candidates
     * @param accepted tells whether a row may be proposed
     * @return for each query distinct rows, at least {@code wanted} unless the index finds fewer
     */
    int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers);

    /** Rows to ask for when k neighbours are wanted and the answer will be ranked again by the full keys or not. */
    int wanted(int k, boolean projected);

    /** Whether equal queries get equal rows, whatever was asked before. */
    default boolean deterministic() {
        return true;
    }

    /** Writes what cannot be computed from the keys in no time. */
    void save(IndexFolder.Writer folder) throws IOException;

    @Override
    void close();
}
