package dev.racnn.retrieval;

/**
 * Ranks candidates by their true distance to a query, {@code ||phi'(x) - phi'(x')||^2} of the full keys summed in double
 * precision and rounded to float once; ties by id. Every engine ends here, so all report the same distances.
 */
public final class ExactRanking {
    private final Keys keys;

    public ExactRanking(Keys keys) {
        this.keys = keys;
    }

    /**
     * Writes the k nearest of the given rows.
     *
     * @param queries keys, of which the one at {@code queryOffset} is meant
     * @param rows distinct rows, at least k
     * @param ids where the k ids go, from {@code at}
     * @param squaredDistances where the k distances go, from {@code at}
     * @throws IllegalArgumentException if there are fewer than k rows
     */
    public void rank(
            float[] queries, int queryOffset, int[] rows, int k, long[] ids, float[] squaredDistances, int at) {
        if (rows.length < k) {
            throw KeyChecks.tooFewAccepted(rows.length, k);
        }
        int dimension = keys.dimension();
        float[] key = new float[dimension];
        NearestList nearest = new NearestList(k);
        for (int row : rows) {
            keys.copyKey(row, key, 0);
            nearest.offer(keys.id(row), SquaredDistance.between(queries, queryOffset, key, 0, dimension));
        }
        nearest.moveTo(ids, squaredDistances, at);
    }
}
