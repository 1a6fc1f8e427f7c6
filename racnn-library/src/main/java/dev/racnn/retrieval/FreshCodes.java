package dev.racnn.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Binary codes whose hyperplanes are drawn anew for every search, so that nobody knows beforehand on which side of what a key will be compared: the
 * queries of a search share them, and all candidates are hashed by them. For that it holds the indexed keys in memory; few components make it fast.
 */
final class FreshCodes implements RowSearch {
    private final Codes settings;
    private final Keys indexed;

    /** Searches so far, each of which draws hyperplanes of its own. */
    private final AtomicLong searches = new AtomicLong();

    private FreshCodes(Codes settings, Keys indexed) {
        this.settings = settings;
        this.indexed = indexed;
    }

    static FreshCodes of(Keys keys, KeySource source, Codes settings, Workers workers) throws IOException {
        int dimension = source.dimension();
        float[] values = new float[Math.multiplyExact(source.size(), dimension)];
        source.forEachBlock(
                workers,
                (first, count, block) -> System.arraycopy(block, 0, values, first * dimension, count * dimension));
        long[] ids = IntStream.range(0, keys.size()).mapToLong(keys::id).toArray();
        return new FreshCodes(settings, new ArrayKeys(ids, values, dimension));
    }

    @Override
    public int wanted(int k, boolean projected) {
        return Math.max(k, settings.approximation().shortlist());
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        try (CodesSearch drawn = CodesSearch.build(
                indexed, KeySource.of(indexed), settings.drawn(searches.getAndIncrement()), workers)) {
            return drawn.search(queries, count, wanted, accepted, workers);
        } catch (IOException e) {
            throw new UncheckedIOException("keys in memory could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean deterministic() {
        return false;
    }

    @Override
    public void save(IndexFolder.Writer folder) {
        // Made of the keys alone.
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}
