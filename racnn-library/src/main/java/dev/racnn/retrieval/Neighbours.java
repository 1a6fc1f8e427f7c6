package dev.racnn.retrieval;

/**
 * F(x) for a batch of queries: for each, the ids of its k nearest candidates and their squared distances, nearest first.
 *
 * @param queries number of queries n
 * @param k neighbours per query
 * @param ids row-major [n, k], candidate ids
 * @param squaredDistances row-major [n, k], squared Euclidean distances between keys, ascending in each row
 */
public record Neighbours(int queries, int k, long[] ids, float[] squaredDistances) {
    public Neighbours {
        if (queries < 0 || k < 1 || ids.length != queries * k || squaredDistances.length != ids.length) {
            throw new IllegalArgumentException(
                    "neighbours of %s queries with k = %s need %s ids and distances, but %s ids and %s distances were given"
                            .formatted(queries, k, queries * k, ids.length, squaredDistances.length));
        }
    }

    /** The id of the rank-th nearest neighbour (from 0) of a query. */
    public long id(int query, int rank) {
        return ids[query * k + rank];
    }

    /** The squared distance to the rank-th nearest neighbour (from 0) of a query. */
    public float squaredDistance(int query, int rank) {
        return squaredDistances[query * k + rank];
    }

    /**
     * The nearest of them.
     *
     * @param fewer neighbours per query, from 1 to k
     */
    public Neighbours first(int fewer) {
        long[] fewerIds = new long[Math.multiplyExact(queries, fewer)];
        float[] fewerDistances = new float[fewerIds.length];
        for (int query = 0; query < queries; query++) {
            System.arraycopy(ids, query * k, fewerIds, query * fewer, fewer);
            System.arraycopy(squaredDistances, query * k, fewerDistances, query * fewer, fewer);
        }
        return new Neighbours(queries, fewer, fewerIds, fewerDistances);
    }

    /**
     * Those of some of the queries.
     *
     * @param rows which, from 0; may repeat
     */
    public Neighbours of(int... rows) {
        long[] theirIds = new long[Math.multiplyExact(rows.length, k)];
        float[] theirDistances = new float[theirIds.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(ids, rows[i] * k, theirIds, i * k, k);
            System.arraycopy(squaredDistances, rows[i] * k, theirDistances, i * k, k);
        }
        return new Neighbours(rows.length, k, theirIds, theirDistances);
    }

    /**
     * The nearest of these and of other candidates that were found for the same queries.
     *
     * @param others neighbours none of which is among these
     * @param nearest neighbours per query, from 1 to those of both together
     */
    public Neighbours with(Neighbours others, int nearest) {
        long[] nearestIds = new long[Math.multiplyExact(queries, nearest)];
        float[] nearestDistances = new float[nearestIds.length];
        NearestList list = new NearestList(nearest);
        for (int query = 0; query < queries; query++) {
            for (Neighbours part : new Neighbours[] {this, others}) {
                for (int rank = 0; rank < part.k; rank++) {
                    list.offer(part.id(query, rank), part.squaredDistance(query, rank));
                }
            }
            list.moveTo(nearestIds, nearestDistances, query * nearest);
        }
        return new Neighbours(queries, nearest, nearestIds, nearestDistances);
    }
}
