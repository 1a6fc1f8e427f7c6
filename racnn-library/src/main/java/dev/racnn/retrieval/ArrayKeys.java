package dev.racnn.retrieval;

import java.util.Arrays;

/** Keys in one array, row-major. The arrays are not copied and must not change while an engine uses them. */
public final class ArrayKeys implements Keys {
    private final long[] ids;
    private final float[] values;
    private final int dimension;

    /**
     * @param ids candidate ids by row, unique, not negative
     * @param values row-major [ids.length, dimension]
     */
    public ArrayKeys(long[] ids, float[] values, int dimension) {
        if (dimension < 1 || values.length != (long) ids.length * dimension) {
            throw new IllegalArgumentException(
                    "keys of %s candidates in %s dimensions need %s numbers, but %s were given"
                            .formatted(ids.length, dimension, (long) ids.length * dimension, values.length));
        }
        this.ids = ids;
        this.values = values;
        this.dimension = dimension;
    }

    /** Keys whose ids are their rows. */
    public static ArrayKeys numbered(float[] values, int dimension) {
        long[] ids = new long[dimension < 1 ? 0 : values.length / dimension];
        Arrays.setAll(ids, row -> row);
        return new ArrayKeys(ids, values, dimension);
    }

    @Override
    public int size() {
        return ids.length;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public long id(int row) {
        return ids[row];
    }

    @Override
    public void copyKey(int row, float[] target, int offset) {
        System.arraycopy(values, row * dimension, target, offset, dimension);
    }
}
