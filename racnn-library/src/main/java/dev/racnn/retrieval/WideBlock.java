package dev.racnn.retrieval;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * 5 queries x 4 vectors of candidates, for machines with 32 vector registers: 20 accumulators, the vectors and the queries'
 * components fill 29. Each loaded vector of candidates is used five times. Of the shapes tried with AVX-512 none was faster;
 * much larger ones make the method too large to be compiled well.
 */
final class WideBlock {
    /** Queries in a group. */
    static final int QUERIES = 5;

    /** Vectors of candidates in a panel. */
    static final int VECTORS = 4;

    private static final VectorSpecies<Float> SPECIES = ProductKernel.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = VECTORS * LANES;

    private WideBlock() {}

    /** See {@link ProductKernel#addGroup}. */
    static void add(
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
        int from = baseAt;
        FloatVector a0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector a1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, base, from + 3 * LANES);
        from += baseStride;
        FloatVector b0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector b1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        FloatVector b3 = FloatVector.fromArray(SPECIES, base, from + 3 * LANES);
        from += baseStride;
        FloatVector c0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector c1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        FloatVector c3 = FloatVector.fromArray(SPECIES, base, from + 3 * LANES);
        from += baseStride;
        FloatVector d0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector d1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, base, from + 3 * LANES);
        from += baseStride;
        FloatVector e0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector e1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector e2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        FloatVector e3 = FloatVector.fromArray(SPECIES, base, from + 3 * LANES);
        int q = groupOffset;
        int p = panelOffset;
        for (int t = 0; t < depth; t++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, panel, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, panel, p + LANES);
            FloatVector x2 = FloatVector.fromArray(SPECIES, panel, p + 2 * LANES);
            FloatVector x3 = FloatVector.fromArray(SPECIES, panel, p + 3 * LANES);
            FloatVector query = FloatVector.broadcast(SPECIES, group[q]);
            a0 = query.fma(x0, a0);
            a1 = query.fma(x1, a1);
            a2 = query.fma(x2, a2);
            a3 = query.fma(x3, a3);
            query = FloatVector.broadcast(SPECIES, group[q + 1]);
            b0 = query.fma(x0, b0);
            b1 = query.fma(x1, b1);
            b2 = query.fma(x2, b2);
            b3 = query.fma(x3, b3);
            query = FloatVector.broadcast(SPECIES, group[q + 2]);
            c0 = query.fma(x0, c0);
            c1 = query.fma(x1, c1);
            c2 = query.fma(x2, c2);
            c3 = query.fma(x3, c3);
            query = FloatVector.broadcast(SPECIES, group[q + 3]);
            d0 = query.fma(x0, d0);
            d1 = query.fma(x1, d1);
            d2 = query.fma(x2, d2);
            d3 = query.fma(x3, d3);
            query = FloatVector.broadcast(SPECIES, group[q + 4]);
            e0 = query.fma(x0, e0);
            e1 = query.fma(x1, e1);
            e2 = query.fma(x2, e2);
            e3 = query.fma(x3, e3);
            p += WIDTH;
            q += QUERIES;
        }
        // Spelt out: a method this large has no room left for calls of ordinary methods to be inlined.
        a0.intoArray(scores, at);
        a1.intoArray(scores, at + LANES);
        a2.intoArray(scores, at + 2 * LANES);
        a3.intoArray(scores, at + 3 * LANES);
        b0.intoArray(scores, at + WIDTH);
        b1.intoArray(scores, at + WIDTH + LANES);
        b2.intoArray(scores, at + WIDTH + 2 * LANES);
        b3.intoArray(scores, at + WIDTH + 3 * LANES);
        c0.intoArray(scores, at + 2 * WIDTH);
        c1.intoArray(scores, at + 2 * WIDTH + LANES);
        c2.intoArray(scores, at + 2 * WIDTH + 2 * LANES);
        c3.intoArray(scores, at + 2 * WIDTH + 3 * LANES);
        d0.intoArray(scores, at + 3 * WIDTH);
        d1.intoArray(scores, at + 3 * WIDTH + LANES);
        d2.intoArray(scores, at + 3 * WIDTH + 2 * LANES);
        d3.intoArray(scores, at + 3 * WIDTH + 3 * LANES);
        e0.intoArray(scores, at + 4 * WIDTH);
        e1.intoArray(scores, at + 4 * WIDTH + LANES);
        e2.intoArray(scores, at + 4 * WIDTH + 2 * LANES);
        e3.intoArray(scores, at + 4 * WIDTH + 3 * LANES);
    }

    /** See {@link ProductKernel#addSingle}. */
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
        FloatVector a0 = FloatVector.fromArray(SPECIES, base, baseAt);
        FloatVector a1 = FloatVector.fromArray(SPECIES, base, baseAt + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, base, baseAt + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, base, baseAt + 3 * LANES);
        int p = panelOffset;
        for (int t = 0; t < depth; t++) {
            FloatVector component = FloatVector.broadcast(SPECIES, query[queryOffset + t]);
            a0 = component.fma(FloatVector.fromArray(SPECIES, panel, p), a0);
            a1 = component.fma(FloatVector.fromArray(SPECIES, panel, p + LANES), a1);
            a2 = component.fma(FloatVector.fromArray(SPECIES, panel, p + 2 * LANES), a2);
            a3 = component.fma(FloatVector.fromArray(SPECIES, panel, p + 3 * LANES), a3);
            p += WIDTH;
        }
        a0.intoArray(scores, at);
        a1.intoArray(scores, at + LANES);
        a2.intoArray(scores, at + 2 * LANES);
        a3.intoArray(scores, at + 3 * LANES);
    }

    /** See {@link ProductKernel#atMost}. */
    static long atMost(float[] scores, int at, float limit) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, scores, at);
        FloatVector x1 = FloatVector.fromArray(SPECIES, scores, at + LANES);
        FloatVector x2 = FloatVector.fromArray(SPECIES, scores, at + 2 * LANES);
        FloatVector x3 = FloatVector.fromArray(SPECIES, scores, at + 3 * LANES);
        if (!x0.min(x1).min(x2.min(x3)).compare(VectorOperators.LE, limit).anyTrue()) {
            return 0;
        }
        return ProductKernel.mask(x0, limit)
                | (ProductKernel.mask(x1, limit) << LANES)
                | (ProductKernel.mask(x2, limit) << (2 * LANES))
                | (ProductKernel.mask(x3, limit) << (3 * LANES));
    }
}
