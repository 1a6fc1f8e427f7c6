package dev.racnn.retrieval;

import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * A retrieval engine made of an index, which proposes candidates, and the keys, by which they are ranked. If the index
 * proposes fewer than k, all accepted candidates are ranked, so that a search never returns too few.
 */
final class IndexedEngine implements SavableEngine {
    private final Keys keys;
    private final KeySource source;
    private final RowSearch index;
    private final ExactRanking ranking;
    private final Workers workers;

    IndexedEngine(Keys keys, KeySource source, RowSearch index, Workers workers) {
        this.keys = keys;
        this.source = source;
        this.index = index;
        this.ranking = new ExactRanking(keys);
        this.workers = workers;
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
    public boolean deterministic() {
        return index.deterministic();
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        return searchRows(queries, k, RowSearch.EveryRow.ACCEPTED);
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        return searchRows(queries, k, row -> accepted.test(keys.id(row)));
    }

    private Neighbours searchRows(float[] queries, int k, IntPredicate acceptedRow) {
        int count = KeyChecks.requireSearchable(queries, dimension(), k, size());
        int wanted = Math.min(size(), index.wanted(k, source.isProjected()));
        int[][] rows = index.search(source.project(queries, count, workers), count, wanted, acceptedRow, workers);
        long[] ids = new long[Math.multiplyExact(count, k)];
        float[] squaredDistances = new float[ids.length];
        workers.forEach(count, query -> {
            int[] proposed = rows[query].length >= k
                    ? rows[query]
                    : IntStream.range(0, size()).filter(acceptedRow).toArray();
            ranking.rank(queries, query * dimension(), proposed, k, ids, squaredDistances, query * k);
        });
        return new Neighbours(count, k, ids, squaredDistances);
    }

    @Override
    public void save(IndexFolder.Writer folder) throws IOException {
        source.save(folder);
        index.save(folder);
    }

    @Override
    public void close() {
        index.close();
        workers.close();
    }
}
