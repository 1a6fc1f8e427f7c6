package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;

/**
 * Keys laid out for {@link ProductKernel}, in float: panels of {@link ProductKernel#WIDTH} candidates, component by
 * component. The mean of a sample is taken off first, which changes no distance but keeps norms, and with them rounding
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

    private PackedKeys(int size, float[] mean) {
        this.size = size;
        this.dimension = mean.length;
        this.mean = mean;
        int panelFloats = Math.multiplyExact(ProductKernel.WIDTH, dimension);
        this.panelsPerChunk = Math.max(1, CHUNK_FLOATS / panelFloats);
        int panels = panels();
        this.chunks = new float[Math.ceilDiv(panels, panelsPerChunk)][];
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            int held = Math.min(panelsPerChunk, panels - chunk * panelsPerChunk);
            chunks[chunk] = new float[MARGIN + held * panelFloats];
        }
        this.squaredNorms = new float[panels * ProductKernel.WIDTH];
        Arrays.fill(squaredNorms, Float.POSITIVE_INFINITY);
    }

    /**
     * Packs keys; places of the last panel beyond the last candidate have an infinite norm.
     *
     * @param dimension components of a key that are packed, the first ones
     * @param reader is given every block of keys as well, with all components
     */
    static PackedKeys pack(KeySource source, int dimension, Workers workers, KeySource.BlockReader reader)
            throws IOException {
        PackedKeys packed = new PackedKeys(source.size(), Arrays.copyOf(source.sampleMean(workers), dimension));
        source.forEachBlock(workers, (first, count, block) -> {
            workers.forEach(count, i -> packed.fill(first + i, block, i * source.dimension()));
            reader.read(first, count, block);
        });
        return packed;
    }

    int panels() {
        return Math.ceilDiv(size, ProductKernel.WIDTH);
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
    float[] mean() {
        return mean;
    }

    private void fill(int row, float[] block, int from) {
        int panel = row / ProductKernel.WIDTH;
        float[] chunk = chunk(panel);
        double squaredNorm = 0;
        int at = offset(panel) + row % ProductKernel.WIDTH;
        for (int t = 0; t < dimension; t++) {
            float centred = block[from + t] - mean[t];
            chunk[at] = centred;
            squaredNorm += (double) centred * centred;
            at += ProductKernel.WIDTH;
        }
        squaredNorms[row] = (float) squaredNorm;
    }
}
