package dev.racnn.retrieval;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Exact search: every query against every candidate. The scan is a blocked matrix product in float that yields, from
 * d^2 = ||q||^2 - 2 q.c + ||c||^2, a bound of each distance from below and from above that holds whatever was rounded;
 * the few candidates that the bounds cannot rule out are ranked by their true distances. The answer is therefore that of
 * {@link SquaredDistance} on all candidates, for one query as for a batch and for any number of threads.
 *
 * <p>Memory: one float copy of the keys in packed layout, beside the keys themselves, which are read for the last step
 * and must neither change nor be closed before the engine. They are read by several threads.
 */
public final class ExactEngine implements RetrievalEngine {
    /** Queries that share one pass over the candidates. */
    private static final int QUERY_BLOCK = 128;

    /** Components multiplied at a time, so that a panel's part stays in the first-level cache. */
    private static final int DEPTH_BLOCK = 128;

    /** Panels that share a part of the queries in the second-level cache, where there are several such parts. */
    private static final int PANEL_TILE = 16;

    /** Unit round-off of float. */
    private static final double UNIT = 0x1p-24;

    private final Keys keys;
    private final PackedKeys packed;
    private final ExactRanking ranking;
    private final Workers workers;
    /** Bound of the relative rounding error of a score; see {@link #scan}. */
    private final double slack;

    private final float[] initialScores;

    private ExactEngine(Keys keys, PackedKeys packed, Workers workers) {
        this.keys = keys;
        this.packed = packed;
        this.ranking = new ExactRanking(keys);
        this.workers = workers;
        this.slack = 1.01 * UNIT * (keys.dimension() + 16);
        this.initialScores = new float[packed.panels() * ProductKernel.WIDTH];
        for (int row = 0; row < initialScores.length; row++) {
            initialScores[row] = (float) (packed.squaredNorm(row) * (0.5 - slack));
        }
    }

    /**
     * Builds the engine.
     *
     * @param keys the candidates' keys: finite, ids unique
     * @param threads threads that share the work of one search, at least 1
     * @throws IllegalArgumentException if there is no candidate, an id is not unique or a component is not finite
     */
    public static ExactEngine build(Keys keys, int threads) {
        KeyChecks.requireUsable(keys);
        Workers workers = new Workers(threads);
        return new ExactEngine(keys, PackedKeys.pack(keys, workers), workers);
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
        int count = KeyChecks.requireSearchable(queries, dimension(), k, size());
        long[] ids = new long[Math.multiplyExact(count, k)];
        float[] squaredDistances = new float[ids.length];
        int blocks = Math.ceilDiv(count, QUERY_BLOCK);
        // Few queries: the threads share the candidates instead.
        int shares = blocks == 0 ? 1 : Math.min(packed.panels(), Math.ceilDiv(workers.threads(), blocks));
        Shortlist[][] found = new Shortlist[blocks * shares][0];
        workers.forEach(found.length, task -> {
            int share = task % shares;
            int first = task / shares * QUERY_BLOCK;
            int last = Math.min(count, first + QUERY_BLOCK);
            int firstPanel = (int) ((long) packed.panels() * share / shares);
            int lastPanel = (int) ((long) packed.panels() * (share + 1) / shares);
            Shortlist[] lists = new Shortlist[last - first];
            Arrays.setAll(lists, _ -> new Shortlist(k));
            scan(queries, first, last, firstPanel, lastPanel, lists, accepted);
            if (shares == 1) {
                rank(queries, first, lists, k, ids, squaredDistances);
            } else {
                found[task] = lists;
            }
        });
        if (shares > 1) {
            workers.forEach(blocks, block -> {
                Shortlist[] lists = found[block * shares];
                for (int share = 1; share < shares; share++) {
                    for (int i = 0; i < lists.length; i++) {
                        lists[i].addAll(found[block * shares + share][i]);
                    }
                }
                rank(queries, block * QUERY_BLOCK, lists, k, ids, squaredDistances);
            });
        }
        return new Neighbours(count, k, ids, squaredDistances);
    }

    private void rank(float[] queries, int first, Shortlist[] lists, int k, long[] ids, float[] squaredDistances) {
        for (int i = 0; i < lists.length; i++) {
            int query = first + i;
            ranking.rank(queries, query * dimension(), lists[i].rows(), k, ids, squaredDistances, query * k);
        }
    }

    /**
     * Scores queries [first, last) against panels [firstPanel, lastPanel).
     *
     * <p>The score of a candidate is s = ||c||^2 / 2 - q.c, half its squared distance but for the query's own norm. Its
     * error is at most slack (||q||^2 / 2 + ||c||^2), slack counting the roundings on the longest path in units of the
     * last place (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), those of the centring and of the
     * final distance included. The part with ||c|| is taken off the starting value, so the scan
     * itself computes lower bounds (less a constant of the query, which all its candidates share).
     */
    private void scan(
            float[] queries,
            int first,
            int last,
            int firstPanel,
            int lastPanel,
            Shortlist[] lists,
            LongPredicate accepted) {
        QueryGroups groups = new QueryGroups(queries, first, last, packed);
        int width = ProductKernel.WIDTH;
        int dimension = dimension();
        int tile = dimension <= DEPTH_BLOCK ? 1 : PANEL_TILE;
        float[] scores = new float[tile * groups.scores()];
        for (int tileStart = firstPanel; tileStart < lastPanel; tileStart += tile) {
            int tileEnd = Math.min(tileStart + tile, lastPanel);
            for (int start = 0; start < dimension; start += DEPTH_BLOCK) {
                int depth = Math.min(DEPTH_BLOCK, dimension - start);
                for (int panel = tileStart; panel < tileEnd; panel++) {
                    float[] chunk = packed.chunk(panel);
                    int offset = packed.offset(panel) + start * width;
                    for (int group = 0; group < groups.count(); group++) {
                        int at = tile == 1 ? 0 : (panel - tileStart) * groups.scores() + group * groups.size() * width;
                        if (start == 0) {
                            groups.addProducts(
                                    group, 0, chunk, offset, depth, initialScores, panel * width, 0, scores, at);
                        } else {
                            groups.addProducts(group, start, chunk, offset, depth, scores, at, width, scores, at);
                        }
                        if (start + depth == dimension) {
                            collect(groups, group, scores, at, panel * width, lists, accepted);
                        }
                    }
                }
            }
        }
    }

    private void collect(
            QueryGroups groups,
            int group,
            float[] scores,
            int at,
            int firstRow,
            Shortlist[] lists,
            LongPredicate accepted) {
        int first = group * groups.size();
        int last = Math.min(first + groups.size(), lists.length);
        for (int query = first; query < last; query++) {
            Shortlist list = lists[query];
            int rowAt = at + (query - first) * ProductKernel.WIDTH;
            long near = ProductKernel.atMost(scores, rowAt, list.limit());
            for (; near != 0; near &= near - 1) {
                int j = Long.numberOfTrailingZeros(near);
                int row = firstRow + j;
                if (accepted.test(keys.id(row))) {
                    double gap = slack * (groups.squaredNorm(query) + 2.0 * packed.squaredNorm(row)) + Float.MIN_NORMAL;
                    list.add(row, scores[rowAt + j], (float) (scores[rowAt + j] + gap));
                }
            }
        }
    }

    @Override
    public void close() {
        workers.close();
    }

    /** Negated, centred queries, in groups for the kernel; a query alone is a group of one. */
    private static final class QueryGroups {
        private final int dimension;
        private final int size;
        private final int count;
        private final float[] values;
        private final double[] squaredNorms;

        QueryGroups(float[] queries, int first, int last, PackedKeys packed) {
            int queryCount = last - first;
            this.dimension = packed.dimension();
            this.size = queryCount == 1 ? 1 : ProductKernel.QUERIES;
            this.count = Math.ceilDiv(queryCount, size);
            this.values = new float[count * size * dimension];
            this.squaredNorms = new double[queryCount];
            for (int i = 0; i < queryCount; i++) {
                int at = i / size * size * dimension + i % size;
                for (int t = 0; t < dimension; t++) {
                    float centred = queries[(first + i) * dimension + t] - packed.mean(t);
                    values[at + t * size] = -centred;
                    squaredNorms[i] += (double) centred * centred;
                }
            }
        }

        int count() {
            return count;
        }

        int size() {
            return size;
        }

        /** Scores of all groups with one panel. */
        int scores() {
            return count * size * ProductKernel.WIDTH;
        }

        double squaredNorm(int query) {
            return squaredNorms[query];
        }

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
}
