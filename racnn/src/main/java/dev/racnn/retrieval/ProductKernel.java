package dev.racnn.retrieval;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of a few queries with a panel of candidates, register-blocked: 4 queries x 3 vectors of candidates keep
 * 12 accumulators in registers, so that each loaded vector of candidates is used four times and each query component
 * three vectors wide. More accumulators would not be faster (12 hide the latency of the multiply-add) and would make the
 * method too large to be compiled well.
 *
 * <p>A panel holds {@link #WIDTH} candidates component by component: component t of candidate j is at
 * {@code t * WIDTH + j}. A group of queries holds {@link #QUERIES} queries in the same manner.
 */
final class ProductKernel {
    /** Queries in a group. */
    static final int QUERIES = 4;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Candidates in a panel. */
    static final int WIDTH = 3 * LANES;

    private ProductKernel() {}

    /**
     * Adds the products of a group of queries with a panel over {@code depth} components to {@code scores}, row-major
     * [QUERIES, WIDTH] from {@code at}.
     */
    static void addGroup(
            float[] group, int groupOffset, float[] panel, int panelOffset, int depth, float[] scores, int at) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a0 = zero, a1 = zero, a2 = zero;
        FloatVector b0 = zero, b1 = zero, b2 = zero;
        FloatVector c0 = zero, c1 = zero, c2 = zero;
        FloatVector d0 = zero, d1 = zero, d2 = zero;
        int q = groupOffset;
        int p = panelOffset;
        for (int t = 0; t < depth; t++) {
            FloatVector x = FloatVector.fromArray(SPECIES, panel, p);
            FloatVector y = FloatVector.fromArray(SPECIES, panel, p + LANES);
            FloatVector z = FloatVector.fromArray(SPECIES, panel, p + 2 * LANES);
            FloatVector query = FloatVector.broadcast(SPECIES, group[q]);
            a0 = query.fma(x, a0);
            a1 = query.fma(y, a1);
            a2 = query.fma(z, a2);
            query = FloatVector.broadcast(SPECIES, group[q + 1]);
            b0 = query.fma(x, b0);
            b1 = query.fma(y, b1);
            b2 = query.fma(z, b2);
            query = FloatVector.broadcast(SPECIES, group[q + 2]);
            c0 = query.fma(x, c0);
            c1 = query.fma(y, c1);
            c2 = query.fma(z, c2);
            query = FloatVector.broadcast(SPECIES, group[q + 3]);
            d0 = query.fma(x, d0);
            d1 = query.fma(y, d1);
            d2 = query.fma(z, d2);
            p += WIDTH;
            q += QUERIES;
        }
        addRow(scores, at, a0, a1, a2);
        addRow(scores, at + WIDTH, b0, b1, b2);
        addRow(scores, at + 2 * WIDTH, c0, c1, c2);
        addRow(scores, at + 3 * WIDTH, d0, d1, d2);
    }

    /** As {@link #addGroup}, for one query whose components lie side by side; even and odd components are summed apart. */
    static void addSingle(
            float[] query, int queryOffset, float[] panel, int panelOffset, int depth, float[] scores, int at) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a0 = zero, a1 = zero, a2 = zero;
        FloatVector b0 = zero, b1 = zero, b2 = zero;
        int p = panelOffset;
        int t = 0;
        for (; t < depth - 1; t += 2) {
            FloatVector even = FloatVector.broadcast(SPECIES, query[queryOffset + t]);
            a0 = even.fma(FloatVector.fromArray(SPECIES, panel, p), a0);
            a1 = even.fma(FloatVector.fromArray(SPECIES, panel, p + LANES), a1);
            a2 = even.fma(FloatVector.fromArray(SPECIES, panel, p + 2 * LANES), a2);
            FloatVector odd = FloatVector.broadcast(SPECIES, query[queryOffset + t + 1]);
            b0 = odd.fma(FloatVector.fromArray(SPECIES, panel, p + WIDTH), b0);
            b1 = odd.fma(FloatVector.fromArray(SPECIES, panel, p + WIDTH + LANES), b1);
            b2 = odd.fma(FloatVector.fromArray(SPECIES, panel, p + WIDTH + 2 * LANES), b2);
            p += 2 * WIDTH;
        }
        if (t < depth) {
            FloatVector last = FloatVector.broadcast(SPECIES, query[queryOffset + t]);
            a0 = last.fma(FloatVector.fromArray(SPECIES, panel, p), a0);
            a1 = last.fma(FloatVector.fromArray(SPECIES, panel, p + LANES), a1);
            a2 = last.fma(FloatVector.fromArray(SPECIES, panel, p + 2 * LANES), a2);
        }
        addRow(scores, at, a0.add(b0), a1.add(b1), a2.add(b2));
    }

    /** Whether any of the {@link #WIDTH} scores from {@code at} is at most {@code limit}. */
    static boolean anyAtMost(float[] scores, int at, float limit) {
        FloatVector x = FloatVector.fromArray(SPECIES, scores, at);
        FloatVector y = FloatVector.fromArray(SPECIES, scores, at + LANES);
        FloatVector z = FloatVector.fromArray(SPECIES, scores, at + 2 * LANES);
        return x.min(y).min(z).compare(VectorOperators.LE, limit).anyTrue();
    }

    private static void addRow(float[] scores, int at, FloatVector x, FloatVector y, FloatVector z) {
        FloatVector.fromArray(SPECIES, scores, at).add(x).intoArray(scores, at);
        FloatVector.fromArray(SPECIES, scores, at + LANES).add(y).intoArray(scores, at + LANES);
        FloatVector.fromArray(SPECIES, scores, at + 2 * LANES).add(z).intoArray(scores, at + 2 * LANES);
    }
}
