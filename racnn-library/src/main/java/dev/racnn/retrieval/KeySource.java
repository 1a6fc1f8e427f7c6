package dev.racnn.retrieval;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an index is built from: the keys, checked, or their projection, handed out in blocks so that building needs
 * no copy of all of them.
 */
final class KeySource {
    private static final int BLOCK = 1024;

    /** File of the projected keys, row-major. */
    private static final String PROJECTED = "projected.bin";

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Keys keys;
    private final @Nullable PreTransform projection;

    /** The projected keys, if they were saved. */
    private final @Nullable MemorySegment projected;

    private KeySource(Keys keys, @Nullable PreTransform projection, @Nullable MemorySegment projected) {
        this.keys = keys;
        this.projection = projection;
        this.projected = projected;
    }

    /** The keys themselves. */
    static KeySource of(Keys keys) {
        return new KeySource(keys, null, null);
    }

    /** The same keys in fewer dimensions. */
    KeySource through(PreTransform transform) {
        return new KeySource(keys, transform, null);
    }

    /** Keys as they were indexed: with the saved projection, and the projected keys if they were saved. */
    static KeySource open(Keys keys, IndexFolder saved) throws IOException {
        return new KeySource(
                keys,
                PreTransform.isIn(saved) ? PreTransform.open(keys.dimension(), saved) : null,
                saved.has(PROJECTED) ? saved.mapped(PROJECTED) : null);
    }

    void save(IndexFolder.Writer folder) throws IOException {
        if (projection != null) {
            projection.save(folder);
        }
    }

    /** Saves the projected keys, if they are projected. */
    void saveProjected(IndexFolder.Writer folder, Workers workers) throws IOException {
        if (projection != null) {
            folder.floats(PROJECTED, column -> forEachBlock(workers, (_, _, block) -> column.putFloats(block)));
        }
    }

    /** Takes blocks of keys in the order of their rows. */
    interface BlockReader {
        /**
         * Takes the next block.
         *
         * @param block row-major [count, dimension]
         */
        void read(int firstRow, int count, float[] block) throws IOException;
    }

    int size() {
        return keys.size();
    }

    /** Components of an indexed key: those of the projection, if there is one. */
    int dimension() {
        return projection == null ? keys.dimension() : projection.outputs();
    }

    boolean isProjected() {
        return projection != null;
    }

    /** How the indexed keys are made from the keys; null if they are the keys. */
    @Nullable
    PreTransform projection() {
        return projection;
    }

    /** The indexed form of queries, row-major [count, dimension()]. */
    float[] project(float[] queries, int count, Workers workers) {
        return projection == null ? queries : projection.apply(queries, count, workers);
    }

    /** @throws IllegalArgumentException if a component of a key is not finite */
    void forEachBlock(Workers workers, BlockReader reader) throws IOException {
        for (int first = 0; first < size(); first += BLOCK) {
            int from = first;
            int count = Math.min(BLOCK, size() - first);
            reader.read(first, count, rows(count, i -> from + i, workers));
        }
    }

    /** Indexed keys of evenly spaced rows, row-major [min(count, size()), dimension()]. */
    float[] sample(int count, Workers workers) {
        int taken = Math.min(count, size());
        return rows(taken, i -> (int) ((long) size() * i / taken), workers);
    }

    /** Some indexed keys, row-major [count, dimension()]. */
    private float[] rows(int count, IntUnaryOperator row, Workers workers) {
        int dimension = projected == null ? keys.dimension() : dimension();
        float[] rows = new float[Math.multiplyExact(count, dimension)];
        for (int i = 0; i < count; i++) {
            int from = row.applyAsInt(i);
            if (projected == null) {
                keys.copyKey(from, rows, i * dimension);
                KeyChecks.requireFinite(rows, i * dimension, dimension, keys.id(from));
            } else {
                long at = (long) from * dimension * Float.BYTES;
                MemorySegment.copy(projected, FLOAT, at, rows, i * dimension, dimension);
            }
        }
        return projected == null ? project(rows, count, workers) : rows;
    }

    /** The mean of evenly spaced indexed keys, at most 10,000: [dimension()]. */
    float[] sampleMean(Workers workers) {
        float[] sample = sample(10_000, workers);
        int dimension = dimension();
        double[] sums = new double[dimension];
        for (int i = 0; i < sample.length; i++) {
            sums[i % dimension] += sample[i];
        }
        float[] mean = new float[dimension];
        int count = sample.length / dimension;
        for (int t = 0; t < dimension; t++) {
            mean[t] = (float) (sums[t] / count);
        }
        return mean;
    }
}
