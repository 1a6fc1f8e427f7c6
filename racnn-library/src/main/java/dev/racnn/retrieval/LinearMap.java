package dev.racnn.retrieval;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A matrix applied to batches of keys, by {@link ProductKernel}; Gaussian ones serve as random projections. */
final class LinearMap {
    private static final int BLOCK = 8 * ProductKernel.QUERIES;

    /** Products that are summed in a row. Sums of such sums err far less than one long sum in float. */
    private static final int DEPTH = 128;

    private final int inputs;
    private final int outputs;
    private final float[] rows;
    private final float[] panels;

    /** @param rows the matrix, row-major [outputs, inputs] */
    LinearMap(int inputs, int outputs, float[] rows) {
        if (rows.length != (long) inputs * outputs) {
            throw new IllegalArgumentException("a matrix [%s, %s] has %s entries, but %s were given"
                    .formatted(outputs, inputs, (long) inputs * outputs, rows.length));
        }
        this.inputs = inputs;
        this.outputs = outputs;
        this.rows = rows;
        int width = ProductKernel.WIDTH;
        this.panels = new float[Math.multiplyExact(Math.ceilDiv(outputs, width) * width, inputs)];
        for (int output = 0; output < outputs; output++) {
            int at = output / width * width * inputs + output % width;
            for (int t = 0; t < inputs; t++) {
                panels[at + t * width] = rows[output * inputs + t];
            }
        }
    }

    /** Independent Gaussian entries of variance 1 / {@code outputs}, so that squared norms are kept on average. */
    static LinearMap gaussian(int inputs, int outputs, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] rows = new float[Math.multiplyExact(inputs, outputs)];
        double deviation = 1 / Math.sqrt(outputs);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (deviation * random.nextGaussian());
        }
        return new LinearMap(inputs, outputs, rows);
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** The matrix, row-major [outputs, inputs]. */
    float[] rows() {
        return rows;
    }

    /** The most roundings that a product goes through on its way into an output. */
    int roundings() {
        return Math.min(DEPTH, inputs) + Math.ceilDiv(inputs, DEPTH);
    }

    /**
     * Applies the matrix to the first {@code count} of a batch of vectors, row-major [count, inputs].
     *
     * @return row-major [count, outputs]
     */
    float[] apply(float[] vectors, int count, Workers workers) {
        float[] images = new float[Math.multiplyExact(count, outputs)];
        workers.forEach(Math.ceilDiv(count, BLOCK), block -> {
            int first = block * BLOCK;
            QueryGroups groups = new QueryGroups(vectors, first, Math.min(count, first + BLOCK), inputs);
            int width = ProductKernel.WIDTH;
            float[] zeros = new float[width];
            float[] products = new float[groups.size() * width];
            float[] sums = new float[products.length];
            for (int output = 0; output < outputs; output += width) {
                int held = Math.min(width, outputs - output);
                for (int group = 0; group < groups.count(); group++) {
                    Arrays.fill(sums, 0);
                    for (int start = 0; start < inputs; start += DEPTH) {
                        int depth = Math.min(DEPTH, inputs - start);
                        int panel = output * inputs + start * width;
                        groups.addProducts(group, start, panels, panel, depth, zeros, 0, 0, products, 0);
                        for (int i = 0; i < sums.length; i++) {
                            sums[i] += products[i];
                        }
                    }
                    for (int i = 0; i < groups.size(); i++) {
                        int vector = first + group * groups.size() + i;
                        if (vector < count) {
                            System.arraycopy(sums, i * width, images, vector * outputs + output, held);
                        }
                    }
                }
            }
        });
        return images;
    }
}
