package dev.racnn.retrieval;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The distance that every engine reports: squared Euclidean, k(x, x') = ||phi'(x) - phi'(x')||^2 (equation 1), summed in
 * double precision and rounded to float once. Computing the differences themselves leaves nothing to cancel, so it is
 * never negative, and 0 for equal keys.
 */
final class SquaredDistance {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, DOUBLES.vectorBitSize() / 2)));

    private static final VectorSpecies<Float> WIDE_FLOATS = FloatVector.SPECIES_PREFERRED;

    private SquaredDistance() {}

    /** The squared distance between the keys of {@code dimension} components at two places. */
    static float between(float[] a, int aOffset, float[] b, int bOffset, int dimension) {
        int lanes = DOUBLES.length();
        int whole = dimension - dimension % (2 * lanes);
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = even;
        for (int i = 0; i < whole; i += 2 * lanes) {
            DoubleVector first = wide(a, aOffset + i).sub(wide(b, bOffset + i));
            even = first.fma(first, even);
            DoubleVector second = wide(a, aOffset + i + lanes).sub(wide(b, bOffset + i + lanes));
            odd = second.fma(second, odd);
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (int i = whole; i < dimension; i++) {
            double difference = (double) a[aOffset + i] - b[bOffset + i];
            sum += difference * difference;
        }
        return (float) sum;
    }

    /** The squared distance in float, to propose candidates by; up to rounding the same. */
    static float roughlyBetween(float[] a, int aOffset, float[] b, int bOffset, int dimension) {
        int lanes = WIDE_FLOATS.length();
        int whole = dimension - dimension % (2 * lanes);
        FloatVector even = FloatVector.zero(WIDE_FLOATS);
        FloatVector odd = even;
        for (int i = 0; i < whole; i += 2 * lanes) {
            FloatVector first = FloatVector.fromArray(WIDE_FLOATS, a, aOffset + i)
                    .sub(FloatVector.fromArray(WIDE_FLOATS, b, bOffset + i));
            even = first.fma(first, even);
            FloatVector second = FloatVector.fromArray(WIDE_FLOATS, a, aOffset + i + lanes)
                    .sub(FloatVector.fromArray(WIDE_FLOATS, b, bOffset + i + lanes));
            odd = second.fma(second, odd);
        }
        float sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (int i = whole; i < dimension; i++) {
            float difference = a[aOffset + i] - b[bOffset + i];
            sum += difference * difference;
        }
        return sum;
    }

    private static DoubleVector wide(float[] values, int offset) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, values, offset).castShape(DOUBLES, 0);
    }
}
