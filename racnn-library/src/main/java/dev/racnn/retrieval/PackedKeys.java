package dev.racnn.retrieval;

import java.util.Arrays;

/**
 * Keys laid out for {@link ProductKernel}, in float: panels of {@link ProductKernel#WIDTH} candidates, component by
 * component. The mean of all keys is taken off first, which changes no distance but keeps norms, and with them rounding
 * errors, small.
 */
final class PackedKeys {
    private static final int CHUNK_FLOATS = 1 << 24;

    /**
     * Floats before the first panel. Large arrays begin at a page with a header of 16 bytes, so this puts every vector
     * into one cache line; loads across two lines cost a tenth of the speed.
     */
    private static final int MARGIN = 12;

    private final int size;
    private final int dimension;
    private final int panelsPerChunk;
    private final float[][] chunks;
    private final float[] mean;
    private final float[] squaredNorms;

    private PackedKeys(int size, int dimension) {
        int panelFloats = Math.multiplyExact(ProductKernel.WIDTH, dimension);
        this.size = size;
        this.dimension = dimension;
        this.panelsPerChunk = Math.max(1, CHUNK_FLOATS / panelFloats);
        int panels = panels();
        this.chunks = new float[Math.ceilDiv(panels, panelsPerChunk)][];
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            int held = Math.min(panelsPerChunk, panels - chunk * panelsPerChunk);
            chunks[chunk] = new float[MARGIN + held * panelFloats];
        }
        this.mean = new float[dimension];
        this.squaredNorms = new float[panels * ProductKernel.WIDTH];
        Arrays.fill(squaredNorms, Float.POSITIVE_INFINITY);
    }

    /** Packs checked keys; places of the last panel beyond the last candidate have an infinite norm. */
    static PackedKeys pack(Keys keys, Workers workers) {
        PackedKeys packed = new PackedKeys(keys.size(), keys.dimension());
        packed.findMean(keys);
        workers.forEach(packed.panels(), panel -> packed.fill(keys, panel));
        return packed;
    }

    int panels() {
        return Math.ceilDiv(size, ProductKernel.WIDTH);
    }

    int size() {
        return size;
    }

    int dimension() {
        return dimension;
    }

    /** The array that holds a panel, from {@link #offset}. */
    float[] chunk(int panel) {
        return chunks[panel / panelsPerChunk];
    }

    int offset(int panel) {
        return MARGIN + panel % panelsPerChunk * ProductKernel.WIDTH * dimension;
    }

    /** The squared norm of a centred key; infinite for a place beyond the last candidate. */
    float squaredNorm(int row) {
        return squaredNorms[row];
    }

    /** What was taken off every key and must be taken off every query: [dimension]. */
    float mean(int component) {
        return mean[component];
    }

    private void findMean(Keys keys) {
        double[] sums = new double[dimension];
        float[] key = new float[dimension];
        for (int row = 0; row < size; row++) {
            keys.copyKey(row, key, 0);
            KeyChecks.requireFinite(key, 0, dimension, keys.id(row));
            for (int t = 0; t < dimension; t++) {
                sums[t] += key[t];
            }
        }
        for (int t = 0; t < dimension; t++) {
            mean[t] = (float) (sums[t] / size);
        }
    }

    private void fill(Keys keys, int panel) {
        float[] key = new float[dimension];
        float[] chunk = chunk(panel);
        int first = panel * ProductKernel.WIDTH;
        for (int j = 0; j < ProductKernel.WIDTH && first + j < size; j++) {
            keys.copyKey(first + j, key, 0);
            double squaredNorm = 0;
            int at = offset(panel) + j;
            for (int t = 0; t < dimension; t++) {
                float centred = key[t] - mean[t];
                chunk[at] = centred;
                squaredNorm += (double) centred * centred;
                at += ProductKernel.WIDTH;
            }
            squaredNorms[first + j] = (float) squaredNorm;
        }
    }
}
