package dev.racnn.retrieval;

import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** Exact search written as plainly as possible, in double precision: the truth that other engines are compared with. */
final class PlainScan implements RetrievalEngine {
    private final Keys keys;
    private volatile boolean closed;

    PlainScan(Keys keys) {
        this.keys = keys;
    }

    record Found(long id, double squaredDistance) {}

    static List<Found> nearest(List<Found> all, int k) {
        return all.stream()
                .sorted(Comparator.comparingDouble(Found::squaredDistance).thenComparingLong(Found::id))
                .limit(k)
                .toList();
    }

    static double squaredDistance(float[] query, float[] key) {
        double sum = 0;
        for (int i = 0; i < key.length; i++) {
            double difference = (double) query[i] - key[i];
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public int dimension() {
        return keys.dimension();
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        if (closed) {
            throw new IllegalStateException("searched after it was closed");
        }
        int count = queries.length / dimension();
        long[] ids = new long[count * k];
        float[] distances = new float[count * k];
        for (int query = 0; query < count; query++) {
            float[] one = new float[dimension()];
            System.arraycopy(queries, query * dimension(), one, 0, dimension());
            List<Found> found = nearest(
                    IntStream.range(0, size())
                            .filter(row -> accepted.test(keys.id(row)))
                            .mapToObj(row -> new Found(keys.id(row), squaredDistance(one, key(row))))
                            .toList(),
                    k);
            if (found.size() < k) {
                throw new IllegalArgumentException("only " + found.size() + " candidates are accepted, but k is " + k);
            }
            for (int rank = 0; rank < k; rank++) {
                ids[query * k + rank] = found.get(rank).id();
                distances[query * k + rank] = (float) found.get(rank).squaredDistance();
            }
        }
        return new Neighbours(count, k, ids, distances);
    }

    @Override
    public void close() {
        closed = true;
    }

    private float[] key(int row) {
        float[] key = new float[dimension()];
        keys.copyKey(row, key, 0);
        return key;
    }
}
