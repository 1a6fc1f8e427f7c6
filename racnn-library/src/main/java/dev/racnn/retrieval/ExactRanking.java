package dev.racnn.retrieval;

import java.util.Arrays;

/**
 * Ranks candidates by their true distance to a query, {@link SquaredDistance} on the full keys, ties by id. Every engine
 * ends here, so all report the same distances.
 */
final class ExactRanking {
    private final Keys keys;

    ExactRanking(Keys keys) {
        this.keys = keys;
    }

    /**
     * Writes the k nearest of the given rows.
     *
     * @param rows distinct rows, at least k
     * @param ids where the k ids go, from {@code at}
     * @param squaredDistances where the k distances go, from {@code at}
     */
    void rank(float[] queries, int queryOffset, int[] rows, int k, long[] ids, float[] squaredDistances, int at) {
        if (rows.length < k) {
            throw KeyChecks.tooFewAccepted(rows.length, k);
        }
        int dimension = keys.dimension();
        float[] key = new float[dimension];
        Ranked[] ranked = new Ranked[rows.length];
        for (int i = 0; i < rows.length; i++) {
            keys.copyKey(rows[i], key, 0);
            ranked[i] = new Ranked(SquaredDistance.between(queries, queryOffset, key, 0, dimension), keys.id(rows[i]));
        }
        Arrays.sort(ranked);
        for (int i = 0; i < k; i++) {
            ids[at + i] = ranked[i].id;
            squaredDistances[at + i] = ranked[i].squaredDistance;
        }
    }

    private record Ranked(float squaredDistance, long id) implements Comparable<Ranked> {
        @Override
        public int compareTo(Ranked other) {
            int byDistance = Float.compare(squaredDistance, other.squaredDistance);
            return byDistance != 0 ? byDistance : Long.compare(id, other.id);
        }
    }
}
