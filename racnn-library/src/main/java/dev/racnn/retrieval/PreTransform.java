package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Keys in fewer dimensions: x becomes A (x - m). Either A is random (Bingham and Mannila, KDD 2001), which keeps distances
 * on average, or its rows are the principal components of a sample of the keys and m is their mean. Principal components
 * are orthonormal, so a distance between projections is never above that between the keys: a lower bound.
 */
final class PreTransform {
    private static final String MATRIX = "projection.bin";
    private static final String MEAN = "projection-mean.bin";

    /** Keys that principal components are computed from, at most. */
    private static final int SAMPLE = 4096;

    /** Rounds of subspace iteration. The spectra of image features fall fast; a round more changes little. */
    private static final int ROUNDS = 3;

    /** Rows that are made orthogonal to all before them together; with 3,072 columns they fill a cache of 400 kB. */
    private static final int PANEL = 16;

    /** Rows of length a little under 1 stay contractive when they are rounded to float. */
    private static final double SHRINK = 1 - 0x1p-16;

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /** Unit round-off of float. */
    private static final double UNIT = 0x1p-24;

    private final float[] mean;
    private final LinearMap map;

    private PreTransform(float[] mean, LinearMap map) {
        this.mean = mean;
        this.map = map;
    }

    /** Independent Gaussian entries, see {@link LinearMap#gaussian}. */
    static PreTransform random(int inputs, int outputs, long seed) {
        return new PreTransform(new float[inputs], LinearMap.gaussian(inputs, outputs, seed));
    }

    /**
     * The first principal components, by subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011, section 4.5).
     * Where the keys span fewer dimensions, the rows that are left over are zero.
     */
    static PreTransform principal(KeySource keys, int components, long seed, Workers workers) {
        int dimension = keys.dimension();
        float[] mean = keys.sampleMean(workers);
        float[] sample = keys.sample(SAMPLE, workers);
        int count = sample.length / dimension;
        centre(sample, count, mean);
        float[] transposed = transpose(sample, count, dimension);
        float[] basis = LinearMap.gaussian(dimension, components, seed).rows();
        for (int round = 0; round < ROUNDS; round++) {
            orthonormalise(basis, components, dimension, 1, workers);
            float[] scores = new LinearMap(dimension, components, basis).apply(sample, count, workers);
            float[] images = new LinearMap(count, components, transpose(scores, count, components))
                    .apply(transposed, dimension, workers);
            basis = transpose(images, dimension, components);
        }
        orthonormalise(basis, components, dimension, 2, workers);
        return new PreTransform(mean, new LinearMap(dimension, components, basis));
    }

    /** Whether an index was saved with a projection. */
    static boolean isIn(IndexFolder saved) {
        return saved.has(MATRIX);
    }

    static PreTransform open(int inputs, IndexFolder saved) throws IOException {
        float[] matrix = saved.floats(MATRIX);
        return new PreTransform(saved.floats(MEAN), new LinearMap(inputs, matrix.length / inputs, matrix));
    }

    void save(IndexFolder.Writer folder) throws IOException {
        folder.floats(MEAN, mean);
        folder.floats(MATRIX, map.rows());
    }

    int outputs() {
        return map.outputs();
    }

    /** Projects a batch, row-major [count, inputs]; returns [count, outputs]. */
    float[] apply(float[] vectors, int count, Workers workers) {
        float[] centred = vectors.clone();
        centre(centred, count, mean);
        return map.apply(centred, count, workers);
    }

    /** The projection to the first outputs only. */
    PreTransform first(int outputs) {
        return new PreTransform(
                mean, new LinearMap(mean.length, outputs, Arrays.copyOf(map.rows(), outputs * mean.length)));
    }

    /**
     * The share of the variance of a sample of the keys that the first 1, 2, .., {@link #outputs} components keep, if their
     * rows are orthonormal.
     */
    double[] kept(KeySource keys, Workers workers) {
        float[] sample = keys.sample(SAMPLE, workers);
        int count = sample.length / mean.length;
        centre(sample, count, mean);
        double all = 0;
        for (float value : sample) {
            all += (double) value * value;
        }
        float[] images = map.apply(sample, count, workers);
        double[] kept = new double[outputs()];
        for (int i = 0; i < images.length; i++) {
            kept[i % kept.length] += (double) images[i] * images[i];
        }
        double sum = 0;
        for (int t = 0; t < kept.length; t++) {
            sum += kept[t];
            kept[t] = all == 0 ? 1 : sum / all;
        }
        return kept;
    }

    /**
     * Bounds the rounding error of a projection, as a length, for a key at the given distance from the mean. Each output
     * is a sum of products; if each goes through r roundings and one more for the centring, the output's error is at most
     * (r + 2) u ||a|| ||x - m|| (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, and
     * Cauchy-Schwarz).
     */
    double error(double distanceFromMean) {
        return 1.01 * UNIT * (map.roundings() + 2) * Math.sqrt(map.outputs()) * distanceFromMean;
    }

    /** The distance of a key from m. */
    double distanceFromMean(float[] keys, int offset) {
        double sum = 0;
        for (int t = 0; t < mean.length; t++) {
            double difference = (double) keys[offset + t] - mean[t];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private static void centre(float[] vectors, int count, float[] mean) {
        for (int i = 0; i < count; i++) {
            for (int t = 0; t < mean.length; t++) {
                vectors[i * mean.length + t] -= mean[t];
            }
        }
    }

    /**
     * Modified Gram-Schmidt, several rows at a time so that those before them are read once for all of them; a row that
     * depends on those before it becomes zero.
     *
     * @param passes 1, or 2 for orthogonality up to rounding
     */
    private static void orthonormalise(float[] rows, int count, int dimension, int passes, Workers workers) {
        double[][] basis = new double[count][dimension];
        double[] before = new double[count];
        for (int i = 0; i < count; i++) {
            for (int t = 0; t < dimension; t++) {
                basis[i][t] = rows[i * dimension + t];
            }
            before[i] = Math.sqrt(dot(basis[i], basis[i]));
        }
        for (int start = 0; start < count; start += PANEL) {
            int first = start;
            int end = Math.min(count, start + PANEL);
            int shares = Math.min(workers.threads(), end - first);
            for (int pass = 0; pass < passes; pass++) {
                workers.forEach(shares, share -> {
                    for (int j = 0; j < first; j++) {
                        for (int i = first + share; i < end; i += shares) {
                            subtract(dot(basis[j], basis[i]), basis[j], basis[i]);
                        }
                    }
                });
            }
            for (int i = first; i < end; i++) {
                for (int pass = 0; pass < passes; pass++) {
                    for (int j = first; j < i; j++) {
                        subtract(dot(basis[j], basis[i]), basis[j], basis[i]);
                    }
                }
                double length = Math.sqrt(dot(basis[i], basis[i]));
                double scale = length > 1e-6 * before[i] ? 1 / length : 0;
                for (int t = 0; t < dimension; t++) {
                    basis[i][t] *= scale;
                    rows[i * dimension + t] = (float) (SHRINK * basis[i][t]);
                }
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        int lanes = DOUBLES.length();
        int whole = a.length - a.length % (2 * lanes);
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = even;
        for (int t = 0; t < whole; t += 2 * lanes) {
            even = DoubleVector.fromArray(DOUBLES, a, t).fma(DoubleVector.fromArray(DOUBLES, b, t), even);
            odd = DoubleVector.fromArray(DOUBLES, a, t + lanes).fma(DoubleVector.fromArray(DOUBLES, b, t + lanes), odd);
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (int t = whole; t < a.length; t++) {
            sum += a[t] * b[t];
        }
        return sum;
    }

    private static void subtract(double factor, double[] vector, double[] from) {
        int whole = DOUBLES.loopBound(from.length);
        for (int t = 0; t < whole; t += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, vector, t)
                    .fma(DoubleVector.broadcast(DOUBLES, -factor), DoubleVector.fromArray(DOUBLES, from, t))
                    .intoArray(from, t);
        }
        for (int t = whole; t < from.length; t++) {
            from[t] -= factor * vector[t];
        }
    }

    private static float[] transpose(float[] values, int rows, int columns) {
        float[] transposed = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * rows + i] = values[i * columns + j];
            }
        }
        return transposed;
    }
}
