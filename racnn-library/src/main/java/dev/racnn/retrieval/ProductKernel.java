package dev.racnn.retrieval;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of a few queries with a panel of candidates, all sums of which stay in registers: {@link WideBlock} or
 * {@link NarrowBlock}, by the number of registers.
 *
 * <p>A panel holds {@link #WIDTH} candidates component by component: component t of candidate j is at
 * {@code t * WIDTH + j}. A group of queries holds {@link #QUERIES} queries in the same manner.
 */
final class ProductKernel {
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();

    /** Vectors of 8 floats are those of AVX2, which has 16 registers; others have 32. */
    private static final boolean NARROW = LANES == 8;

    private static final int VECTORS = NARROW ? NarrowBlock.VECTORS : WideBlock.VECTORS;

    /** Queries in a group. */
    static final int QUERIES = NARROW ? NarrowBlock.QUERIES : WideBlock.QUERIES;

    /** Candidates in a panel, at most 64. */
    static final int WIDTH = VECTORS * LANES;

    private ProductKernel() {}

    /**
     * Adds the products of a group of queries with a panel over {@code depth} components to what {@code base} holds, and
     * writes the sums to {@code scores}, row-major [QUERIES, WIDTH] from {@code at}.
     *
     * @param base rows of WIDTH numbers, {@code baseStride} apart, from {@code baseAt}; may be {@code scores} itself
     */
    static void addGroup(
            float[] group,
            int groupOffset,
            float[] panel,
            int panelOffset,
            int depth,
            float[] base,
            int baseAt,
            int baseStride,
            float[] scores,
            int at) {
        if (NARROW) {
            NarrowBlock.add(group, groupOffset, panel, panelOffset, depth, base, baseAt, baseStride, scores, at);
        } else {
            WideBlock.add(group, groupOffset, panel, panelOffset, depth, base, baseAt, baseStride, scores, at);
        }
    }

    /**
     * As {@link #addGroup}, for one query whose components lie side by side. Sums in the same order, so the results are
     * the same to the last bit.
     */
    static void addSingle(
            float[] query,
            int queryOffset,
            float[] panel,
            int panelOffset,
            int depth,
            float[] base,
            int baseAt,
            float[] scores,
            int at) {
        if (NARROW) {
            NarrowBlock.addSingle(query, queryOffset, panel, panelOffset, depth, base, baseAt, scores, at);
        } else {
            WideBlock.addSingle(query, queryOffset, panel, panelOffset, depth, base, baseAt, scores, at);
        }
    }

    /** Which of the {@link #WIDTH} scores from {@code at} are at most {@code limit}: bit j for candidate j. */
    static long atMost(float[] scores, int at, float limit) {
        return NARROW ? NarrowBlock.atMost(scores, at, limit) : WideBlock.atMost(scores, at, limit);
    }

    /** Which of the scores of a vector are at most {@code limit}. */
    static long mask(FloatVector scores, float limit) {
        return scores.compare(VectorOperators.LE, limit).toLong();
    }
}
