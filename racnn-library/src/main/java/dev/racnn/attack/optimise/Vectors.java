package dev.racnn.attack.optimise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums over vectors of equal length. */
public final class Vectors {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    private Vectors() {}

    /** The scalar product. */
    public static double dot(double[] a, double[] b) {
        int lanes = SPECIES.length();
        DoubleVector even = DoubleVector.zero(SPECIES);
        DoubleVector odd = DoubleVector.zero(SPECIES);
        int i = 0;
        for (; i + 2 * lanes <= a.length; i += 2 * lanes) {
            even = DoubleVector.fromArray(SPECIES, a, i).fma(DoubleVector.fromArray(SPECIES, b, i), even);
            odd = DoubleVector.fromArray(SPECIES, a, i + lanes).fma(DoubleVector.fromArray(SPECIES, b, i + lanes), odd);
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Adds a multiple of one vector to another. */
    public static void addMultiple(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }
}
