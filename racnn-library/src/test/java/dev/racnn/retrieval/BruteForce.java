package dev.racnn.retrieval;

import java.util.Comparator;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** Truth for the engines: all distances in double precision, one component at a time, sorted by distance and id. */
public final class BruteForce {
    private BruteForce() {}

    public static Neighbours search(Keys keys, float[] queries, int k, LongPredicate accepted) {
        int count = queries.length / keys.dimension();
        long[] ids = new long[count * k];
        float[] squaredDistances = new float[count * k];
        for (int query = 0; query < count; query++) {
            int first = query * keys.dimension();
            float[] distances = new float[keys.size()];
            for (int row = 0; row < keys.size(); row++) {
                distances[row] = (float) squaredDistance(keys, row, queries, first);
            }
            int[] nearest = IntStream.range(0, keys.size())
                    .filter(row -> accepted.test(keys.id(row)))
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(row -> distances[row])
                            .thenComparingLong(keys::id))
                    .limit(k)
                    .mapToInt(row -> row)
                    .toArray();
            for (int rank = 0; rank < k; rank++) {
                ids[query * k + rank] = keys.id(nearest[rank]);
                squaredDistances[query * k + rank] = distances[nearest[rank]];
            }
        }
        return new Neighbours(count, k, ids, squaredDistances);
    }

    private static double squaredDistance(Keys keys, int row, float[] queries, int first) {
        float[] key = new float[keys.dimension()];
        keys.copyKey(row, key, 0);
        double sum = 0;
        for (int t = 0; t < key.length; t++) {
            double difference = (double) queries[first + t] - key[t];
            sum += difference * difference;
        }
        return sum;
    }
}
