package dev.racnn.attack.optimise;

import jdk.incubator.vector.DoubleVector;
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
        double sum = total(even.add(odd));
        for (; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The sum of the lanes in their order; that of {@code reduceLanes} changes when the code is compiled, and with it results. */
    private static double total(DoubleVector lanes) {
        double sum = 0;
        for (double lane : lanes.toArray()) {
            sum += lane;
        }
        return sum;
    }

    /**
     * The scalar products of one vector with the first few rows of a matrix. Four rows share each look at the vector, because
     * memory is what such products wait for.
     *
     * @param count how many rows
     * @param products as long as {@code count} or longer; only its beginning is written
     */
    static void dots(double[][] rows, int count, double[] vector, double[] products) {
        int j = 0;
        for (; j + 4 <= count; j += 4) {
            fourDots(rows, j, vector, products);
        }
        for (; j < count; j++) {
            products[j] = dot(rows[j], vector);
        }
    }

    private static void fourDots(double[][] rows, int from, double[] vector, double[] products) {
        double[] a = rows[from];
        double[] b = rows[from + 1];
        double[] c = rows[from + 2];
        double[] d = rows[from + 3];
        DoubleVector sumA = DoubleVector.zero(SPECIES);
        DoubleVector sumB = sumA;
        DoubleVector sumC = sumA;
        DoubleVector sumD = sumA;
        int i = 0;
        for (; i < SPECIES.loopBound(vector.length); i += SPECIES.length()) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, vector, i);
            sumA = DoubleVector.fromArray(SPECIES, a, i).fma(v, sumA);
            sumB = DoubleVector.fromArray(SPECIES, b, i).fma(v, sumB);
            sumC = DoubleVector.fromArray(SPECIES, c, i).fma(v, sumC);
            sumD = DoubleVector.fromArray(SPECIES, d, i).fma(v, sumD);
        }
        products[from] = total(sumA);
        products[from + 1] = total(sumB);
        products[from + 2] = total(sumC);
        products[from + 3] = total(sumD);
        for (; i < vector.length; i++) {
            products[from] += a[i] * vector[i];
            products[from + 1] += b[i] * vector[i];
            products[from + 2] += c[i] * vector[i];
            products[from + 3] += d[i] * vector[i];
        }
    }

    /**
     * Adds multiples of the first few rows of a matrix to a vector, four at a time for the same reason.
     *
     * @param count how many rows
     * @param factors by which each row is multiplied
     */
    static void addMultiples(double[] target, double[][] rows, int count, double[] factors) {
        int j = 0;
        for (; j + 4 <= count; j += 4) {
            double[] a = rows[j];
            double[] b = rows[j + 1];
            double[] c = rows[j + 2];
            double[] d = rows[j + 3];
            double byA = factors[j];
            double byB = factors[j + 1];
            double byC = factors[j + 2];
            double byD = factors[j + 3];
            for (int i = 0; i < target.length; i++) {
                target[i] += byA * a[i] + byB * b[i] + (byC * c[i] + byD * d[i]);
            }
        }
        for (; j < count; j++) {
            addMultiple(target, factors[j], rows[j]);
        }
    }

    /** Adds a multiple of one vector to another. */
    public static void addMultiple(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }
}
