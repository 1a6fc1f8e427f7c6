package dev.racnn.retrieval;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an index is built from: the keys, checked, or their projection, handed out in blocks so that building needs
 * no copy of all of them.
 */
final class KeySource {
    private static final int BLOCK = 1024;

    /** Share of the variance that principal components must keep to make exact search faster. */
    private static final double WORTHWHILE = 0.9;

    private final Keys keys;
    private final @Nullable Projection projection;

    private KeySource(Keys keys, @Nullable Projection projection) {
        this.keys = keys;
        this.projection = projection;
    }

    /** The keys as an engine of these settings indexes them. */
    static KeySource of(Keys keys, EngineSpec spec, Workers workers) {
        KeySource plain = new KeySource(keys, null);
        if (spec.project() > 0) {
            return new KeySource(keys, Projection.random(keys.dimension(), spec.project(), spec.seed()));
        }
        if (spec.components() == 0 || spec.components() >= keys.dimension()) {
            return plain;
        }
        if (!(spec instanceof EngineSpec.Exact exact)) {
            return new KeySource(keys, Projection.principal(plain, spec.components(), spec.seed(), workers));
        }
        if (keys.dimension() < 2 * exact.components() || keys.size() < 4 * exact.components()) {
            return plain;
        }
        Projection principal =
                Projection.principal(plain, exact.components() + exact.components() / 2, exact.seed(), workers);
        return principal.kept(plain, workers) < WORTHWHILE ? plain : new KeySource(keys, principal);
    }

    /** The same with a saved projection. */
    static KeySource open(Keys keys, EngineSpec spec, IndexFolder saved) throws IOException {
        return new KeySource(keys, Projection.isIn(saved) ? Projection.open(keys.dimension(), saved) : null);
    }

    void save(IndexFolder.Writer folder) throws IOException {
        if (projection != null) {
            projection.save(folder);
        }
    }

    /** Takes blocks of keys in the order of their rows. */
    interface BlockReader {
        /**
         * Takes the next block.
         *
         * @param block row-major [count, dimension], valid during the call
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
    Projection projection() {
        return projection;
    }

    /** The indexed form of queries, row-major [count, dimension()]. */
    float[] project(float[] queries, int count, Workers workers) {
        return projection == null ? queries : projection.apply(queries, count, workers);
    }

    /** @throws IllegalArgumentException if a component of a key is not finite */
    void forEachBlock(Workers workers, BlockReader reader) throws IOException {
        int dimension = keys.dimension();
        float[] block = new float[Math.multiplyExact(Math.min(BLOCK, size()), dimension)];
        for (int first = 0; first < size(); first += BLOCK) {
            int count = Math.min(BLOCK, size() - first);
            for (int i = 0; i < count; i++) {
                keys.copyKey(first + i, block, i * dimension);
                KeyChecks.requireFinite(block, i * dimension, dimension, keys.id(first + i));
            }
            reader.read(first, count, project(block, count, workers));
        }
    }

    /** Indexed keys of evenly spaced rows, row-major [min(count, size()), dimension()]. */
    float[] sample(int count, Workers workers) {
        int taken = Math.min(count, size());
        int dimension = keys.dimension();
        float[] sample = new float[Math.multiplyExact(taken, dimension)];
        for (int i = 0; i < taken; i++) {
            int row = (int) ((long) size() * i / taken);
            keys.copyKey(row, sample, i * dimension);
            KeyChecks.requireFinite(sample, i * dimension, dimension, keys.id(row));
        }
        return project(sample, taken, workers);
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
