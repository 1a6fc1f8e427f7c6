package dev.racnn.retrieval;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * 3 queries x 3 vectors of candidates, for machines with 16 vector registers: 9 accumulators, the vectors and the queries'
 * components fill 15. The compiler keeps all components of a step at once, so that with more of anything it runs out of
 * registers: 5 x 4 reaches 60 % of the arithmetic that 3 x 3 reaches with AVX2, 4 x 3 and 6 x 2 no more.
 */
final class NarrowBlock {
    /** Queries in a group. */
    static final int QUERIES = 3;

    /** Vectors of candidates in a panel. */
    static final int VECTORS = 3;

    private static final VectorSpecies<Float> SPECIES = ProductKernel.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = VECTORS * LANES;

    private NarrowBlock() {}

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
        from += baseStride;
        FloatVector b0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector b1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        from += baseStride;
        FloatVector c0 = FloatVector.fromArray(SPECIES, base, from);
        FloatVector c1 = FloatVector.fromArray(SPECIES, base, from + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, base, from + 2 * LANES);
        int q = groupOffset;
        int p = panelOffset;
        for (int t = 0; t < depth; t++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, panel, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, panel, p + LANES);
            FloatVector x2 = FloatVector.fromArray(SPECIES, panel, p + 2 * LANES);
            FloatVector query = FloatVector.broadcast(SPECIES, group[q]);
            a0 = query.fma(x0, a0);
            a1 = query.fma(x1, a1);
            a2 = query.fma(x2, a2);
            query = FloatVector.broadcast(SPECIES, group[q + 1]);
            b0 = query.fma(x0, b0);
            b1 = query.fma(x1, b1);
            b2 = query.fma(x2, b2);
            query = FloatVector.broadcast(SPECIES, group[q + 2]);
            c0 = query.fma(x0, c0);
            c1 = query.fma(x1, c1);
            c2 = query.fma(x2, c2);
            p += WIDTH;
            q += QUERIES;
        }
        a0.intoArray(scores, at);
        a1.intoArray(scores, at + LANES);
        a2.intoArray(scores, at + 2 * LANES);
        b0.intoArray(scores, at + WIDTH);
        b1.intoArray(scores, at + WIDTH + LANES);
        b2.intoArray(scores, at + WIDTH + 2 * LANES);
        c0.intoArray(scores, at + 2 * WIDTH);
        c1.intoArray(scores, at + 2 * WIDTH + LANES);
        c2.intoArray(scores, at + 2 * WIDTH + 2 * LANES);
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
        int p = panelOffset;
        for (int t = 0; t < depth; t++) {
            FloatVector component = FloatVector.broadcast(SPECIES, query[queryOffset + t]);
            a0 = component.fma(FloatVector.fromArray(SPECIES, panel, p), a0);
            a1 = component.fma(FloatVector.fromArray(SPECIES, panel, p + LANES), a1);
            a2 = component.fma(FloatVector.fromArray(SPECIES, panel, p + 2 * LANES), a2);
            p += WIDTH;
        }
        a0.intoArray(scores, at);
        a1.intoArray(scores, at + LANES);
        a2.intoArray(scores, at + 2 * LANES);
    }

    /** See {@link ProductKernel#atMost}. */
    static long atMost(float[] scores, int at, float limit) {
        FloatVector x0 = FloatVector.fromArray(SPECIES, scores, at);
        FloatVector x1 = FloatVector.fromArray(SPECIES, scores, at + LANES);
        FloatVector x2 = FloatVector.fromArray(SPECIES, scores, at + 2 * LANES);
        if (!x0.min(x1).min(x2).compare(VectorOperators.LE, limit).anyTrue()) {
            return 0;
        }
        return ProductKernel.mask(x0, limit)
                | (ProductKernel.mask(x1, limit) << LANES)
                | (ProductKernel.mask(x2, limit) << (2 * LANES));
    }
}
