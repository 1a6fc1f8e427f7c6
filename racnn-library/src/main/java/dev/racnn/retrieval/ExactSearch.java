package dev.racnn.retrieval;

import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Exact search: the answer of {@link SquaredDistance} on all candidates, for one query as for a batch and for any number
 * of threads. {@link ExactScan} bounds the distances from below, by the keys or by their principal components (filter and
 * refine; Faloutsos, Ranganathan and Manolopoulos, SIGMOD 1994); candidates are then looked at in the order of their
 * bounds, until the next bound is above the k-th distance.
 */
final class ExactSearch implements SavableEngine {
    /** Candidates listed for each neighbour, and besides, if bounds come from principal components. */
    private static final int LISTED = 5;

    private static final int SPARE = 60;

    /** Takes the rounding errors off a distance between the later components. */
    private static final float ROUNDED_DOWN = 1 - 1e-4f;

    /** File of the largest distance of a key from the mean. */
    private static final String FARTHEST = "farthest.bin";

    /** How many times longer a list gets that did not settle its query. */
    private static final int GROWTH = 8;

    private final Keys keys;
    private final KeySource source;
    private final ExactScan scan;

    /** For each candidate the later principal components, which the scan leaves out; none if the keys are scanned. */
    private final float[][] tails;

    private final Workers workers;

    /** At least the largest distance of a key from the mean of the projection. */
    private final float farthest;

    private ExactSearch(Keys keys, KeySource source, ExactScan scan, float[][] tails, float farthest, Workers workers) {
        this.keys = keys;
        this.source = source;
        this.scan = scan;
        this.tails = tails;
        this.farthest = farthest;
        this.workers = workers;
    }

    static ExactSearch build(Keys keys, KeySource source, Workers workers) throws IOException {
        return pack(keys, source, farthest(keys, source), workers);
    }

    /** The same with what {@link #save} saved. */
    static ExactSearch open(Keys keys, KeySource source, IndexFolder saved, Workers workers) throws IOException {
        return pack(keys, source, source.isProjected() ? saved.floats(FARTHEST)[0] : 0, workers);
    }

    /** Of projected keys, the first two thirds of the components are scanned. */
    private static ExactSearch pack(Keys keys, KeySource source, float farthest, Workers workers) throws IOException {
        int head = source.isProjected() ? Math.ceilDiv(2 * source.dimension(), 3) : source.dimension();
        int tail = source.dimension() - head;
        float[][] tails = tail == 0 ? new float[0][] : new float[source.size()][tail];
        ExactScan scan = ExactScan.build(source, head, workers, (first, count, block) -> {
            for (int i = 0; i < count && tail > 0; i++) {
                System.arraycopy(block, i * (head + tail) + head, tails[first + i], 0, tail);
            }
        });
        return new ExactSearch(keys, source, scan, tails, farthest, workers);
    }

    private static float farthest(Keys keys, KeySource source) {
        PreTransform projection = source.projection();
        if (projection == null) {
            return 0;
        }
        float[] key = new float[keys.dimension()];
        double farthest = 0;
        for (int row = 0; row < keys.size(); row++) {
            keys.copyKey(row, key, 0);
            farthest = Math.max(farthest, projection.distanceFromMean(key, 0));
        }
        return Math.nextUp((float) farthest);
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
    public Neighbours search(float[] queries, int k) {
        return searchRows(queries, k, RowSearch.EveryRow.ACCEPTED);
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        return searchRows(queries, k, row -> accepted.test(keys.id(row)));
    }

    private Neighbours searchRows(float[] queries, int k, IntPredicate accepted) {
        int count = KeyChecks.requireSearchable(queries, dimension(), k, size());
        long[] ids = new long[Math.multiplyExact(count, k)];
        float[] squaredDistances = new float[ids.length];
        float[] indexed = source.project(queries, count, workers);
        int[] open = IntStream.range(0, count).toArray();
        int wanted = Math.min(size(), source.isProjected() ? LISTED * k + SPARE : k);
        while (open.length > 0) {
            Shortlist[] lists = scan.search(heads(indexed, open), open.length, wanted, accepted, workers);
            int[] asked = open;
            boolean[] settled = new boolean[asked.length];
            workers.forEach(asked.length, i -> {
                NearestList nearest = new NearestList(k);
                settled[i] = rank(queries, indexed, asked[i], lists[i], nearest) || lists[i].isComplete();
                if (settled[i]) {
                    if (!nearest.isFull()) {
                        throw KeyChecks.tooFewAccepted(nearest.size(), k);
                    }
                    nearest.moveTo(ids, squaredDistances, asked[i] * k);
                }
            });
            open = IntStream.range(0, asked.length)
                    .filter(i -> !settled[i])
                    .map(i -> asked[i])
                    .toArray();
            wanted = (int) Math.min(size(), (long) GROWTH * wanted);
        }
        return new Neighbours(count, k, ids, squaredDistances);
    }

    /**
     * Offers the listed candidates, those with the smallest bounds first, until no other one can be among the k nearest
     * (optimal multi-step search; Seidl and Kriegel, SIGMOD 1998). The components that the scan leaves out raise a bound;
     * they are looked at when the bound without them is due.
     *
     * @return whether that is certain
     */
    private boolean rank(float[] queries, float[] indexed, int query, Shortlist list, NearestList nearest) {
        int dimension = dimension();
        int offset = query * dimension;
        double error = error(queries, offset);
        float[] key = new float[dimension];
        long[] places = list.places();
        long[] due = new long[places.length];
        int next = 0;
        for (int first = 0; first < due.length; first++) {
            while (next < places.length && (next == first || places[next] <= due[first])) {
                insert(due, first, next, raised(places[next], list, indexed, query));
                next++;
            }
            if (nearest.isFull() && SortableFloat.first(due[first]) > reach(list, nearest.farthest(), error)) {
                break;
            }
            int row = list.row(SortableFloat.second(due[first]));
            keys.copyKey(row, key, 0);
            nearest.offer(keys.id(row), SquaredDistance.between(queries, offset, key, 0, dimension));
        }
        return nearest.isFull() && list.limit() >= reach(list, nearest.farthest(), error);
    }

    /** Inserts a number into the sorted part [from, to) of an array. */
    private static void insert(long[] sorted, int from, int to, long number) {
        int place = to;
        for (; place > from && sorted[place - 1] > number; place--) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = number;
    }

    /** A place of a list with its bound, raised by the components that the scan leaves out. */
    private long raised(long place, Shortlist list, float[] indexed, int query) {
        int tail = source.dimension() - scan.dimension();
        if (tail == 0) {
            return place;
        }
        int at = (query + 1) * source.dimension() - tail;
        int listed = SortableFloat.second(place);
        float distance = SquaredDistance.roughlyBetween(indexed, at, tails[list.row(listed)], 0, tail);
        return SortableFloat.pair(SortableFloat.first(place) + 0.5f * ROUNDED_DOWN * distance, listed);
    }

    private double error(float[] queries, int offset) {
        @Nullable PreTransform projection = source.projection();
        return projection == null ? 0 : projection.error(projection.distanceFromMean(queries, offset) + farthest);
    }

    /** A distance between keys that is at most d, rounded to float, is at most d + error between their projections. */
    private double reach(Shortlist list, float squaredDistance, double error) {
        double distance = Math.sqrt(squaredDistance + (double) Math.ulp(squaredDistance)) + error;
        return scan.reach(list, distance * distance);
    }

    /** The components of some queries that are scanned. */
    private float[] heads(float[] indexed, int[] queries) {
        int head = scan.dimension();
        float[] heads = new float[queries.length * head];
        for (int i = 0; i < queries.length; i++) {
            System.arraycopy(indexed, queries[i] * source.dimension(), heads, i * head, head);
        }
        return heads;
    }

    @Override
    public void save(IndexFolder.Writer folder) throws IOException {
        source.save(folder);
        source.saveProjected(folder, workers);
        if (source.isProjected()) {
            folder.floats(FARTHEST, new float[] {farthest});
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
