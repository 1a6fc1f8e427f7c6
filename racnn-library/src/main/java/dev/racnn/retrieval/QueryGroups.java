package dev.racnn.retrieval;

/** Queries in groups of {@link ProductKernel#QUERIES} for the kernel; a query alone is a group of one. */
final class QueryGroups {
    private final int dimension;
    private final int size;
    private final int count;
    private final float[] values;

    /**
     * @param queries row-major [.., dimension], of which the queries from {@code first} to before {@code last} are taken
     */
    QueryGroups(float[] queries, int first, int last, int dimension) {
        int queryCount = last - first;
        this.dimension = dimension;
        this.size = queryCount == 1 ? 1 : ProductKernel.QUERIES;
        this.count = Math.ceilDiv(queryCount, size);
        this.values = new float[count * size * dimension];
        for (int i = 0; i < queryCount; i++) {
            int at = i / size * size * dimension + i % size;
            for (int t = 0; t < dimension; t++) {
                values[at + t * size] = queries[(first + i) * dimension + t];
            }
        }
    }

    /** Number of groups. */
    int count() {
        return count;
    }

    /** Queries of a group. */
    int size() {
        return size;
    }

    /** Scores of all groups with one panel. */
    int scores() {
        return count * size * ProductKernel.WIDTH;
    }

    /**
     * Adds the products of a group with components [start, start + depth) of a panel to the rows in {@code base}, see
     * {@link ProductKernel#addGroup}.
     */
    void addProducts(
            int group,
            int start,
            float[] panel,
            int panelOffset,
            int depth,
            float[] base,
            int baseAt,
            int baseStride,
            float[] scores,
            int at) {
        int from = (group * dimension + start) * size;
        if (size == 1) {
            ProductKernel.addSingle(values, from, panel, panelOffset, depth, base, baseAt, scores, at);
        } else {
            ProductKernel.addGroup(values, from, panel, panelOffset, depth, base, baseAt, baseStride, scores, at);
        }
    }
}
