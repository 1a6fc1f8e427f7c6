package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Exact search: every query against every candidate. The scan is a blocked matrix product in float that yields, from
 * d^2 = ||q||^2 - 2 q.c + ||c||^2, a bound of each distance from below and from above that holds whatever was rounded;
 * it proposes the few candidates that the bounds cannot rule out. Once they are ranked by their true distances the answer
 * is that of {@link SquaredDistance} on all candidates, for one query as for a batch and for any number of threads.
 *
 * <p>Memory: one float copy of the keys in packed layout.
 */
final class ExactScan implements RowSearch {
    /** Queries that share one pass over the candidates. */
    private static final int QUERY_BLOCK = 128;

    /** Components multiplied at a time, so that a panel's part stays in the first-level cache. */
    private static final int DEPTH_BLOCK = 128;

    /** Panels that share a part of the queries in the second-level cache, where there are several such parts. */
    private static final int PANEL_TILE = 16;

    /** Unit round-off of float. */
    private static final double UNIT = 0x1p-24;

    private final PackedKeys packed;
    private final EngineSpec.Exact spec;

    /** Bound of the relative rounding error of a score; see {@link #scan}. */
    private final double slack;

    private final float[] initialScores;

    private ExactScan(PackedKeys packed, EngineSpec.Exact spec) {
        this.packed = packed;
        this.spec = spec;
        this.slack = 1.01 * UNIT * (packed.dimension() + 16);
        this.initialScores = new float[packed.panels() * ProductKernel.WIDTH];
        for (int row = 0; row < initialScores.length; row++) {
            initialScores[row] = (float) (packed.squaredNorm(row) * (0.5 - slack));
        }
    }

    static ExactScan build(KeySource source, EngineSpec.Exact spec, Workers workers) throws IOException {
        return new ExactScan(PackedKeys.pack(source, workers), spec);
    }

    @Override
    public int wanted(int k, boolean projected) {
        return projected ? Math.max(k, spec.shortlist()) : k;
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        int[][] rows = new int[count][];
        int blocks = Math.ceilDiv(count, QUERY_BLOCK);
        // Few queries: the threads share the candidates instead.
        int shares = blocks == 0 ? 1 : Math.min(packed.panels(), Math.ceilDiv(workers.threads(), blocks));
        Shortlist[][] found = new Shortlist[blocks * shares][0];
        workers.forEach(found.length, task -> {
            int share = task % shares;
            int first = task / shares * QUERY_BLOCK;
            Shortlist[] lists = new Shortlist[Math.min(QUERY_BLOCK, count - first)];
            Arrays.setAll(lists, _ -> new Shortlist(wanted));
            int firstPanel = (int) ((long) packed.panels() * share / shares);
            int lastPanel = (int) ((long) packed.panels() * (share + 1) / shares);
            scan(queries, first, firstPanel, lastPanel, lists, accepted);
            if (shares == 1) {
                for (int i = 0; i < lists.length; i++) {
                    rows[first + i] = lists[i].rows();
                }
            } else {
                found[task] = lists;
            }
        });
        if (shares > 1) {
            workers.forEach(count, query -> {
                int task = query / QUERY_BLOCK * shares;
                Shortlist list = found[task][query % QUERY_BLOCK];
                for (int share = 1; share < shares; share++) {
                    list.addAll(found[task + share][query % QUERY_BLOCK]);
                }
                rows[query] = list.rows();
            });
        }
        return rows;
    }

    @Override
    public void save(IndexFolder.Writer folder) {
        // The packed keys are made from the keys as fast as they would be read.
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }

    /**
     * Scores the queries of {@code lists}, from {@code first}, against panels [firstPanel, lastPanel).
     *
     * <p>The score of a candidate is s = ||c||^2 / 2 - q.c, half its squared distance but for the query's own norm. Its
     * error is at most slack (||q||^2 / 2 + ||c||^2), slack counting the roundings on the longest path in units of the
     * last place (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), those of the centring and of the
     * final distance included. The part with ||c|| is taken off the starting value, so the scan
     * itself computes lower bounds (less a constant of the query, which all its candidates share).
     */
    private void scan(
            float[] queries, int first, int firstPanel, int lastPanel, Shortlist[] lists, IntPredicate accepted) {
        int width = ProductKernel.WIDTH;
        int dimension = packed.dimension();
        float[] turned = new float[lists.length * dimension];
        double[] squaredNorms = turn(queries, first * dimension, turned);
        QueryGroups groups = new QueryGroups(turned, 0, lists.length, dimension);
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
                            collect(
                                    group * groups.size(),
                                    groups.size(),
                                    squaredNorms,
                                    scores,
                                    at,
                                    panel * width,
                                    lists,
                                    accepted);
                        }
                    }
                }
            }
        }
    }

    /** Writes the centred queries with their signs turned; returns their squared norms. */
    private double[] turn(float[] queries, int from, float[] turned) {
        int dimension = packed.dimension();
        float[] mean = packed.mean();
        double[] squaredNorms = new double[turned.length / dimension];
        for (int i = 0; i < squaredNorms.length; i++) {
            for (int t = 0; t < dimension; t++) {
                float centred = queries[from + i * dimension + t] - mean[t];
                turned[i * dimension + t] = -centred;
                squaredNorms[i] += (double) centred * centred;
            }
        }
        return squaredNorms;
    }

    private void collect(
            int first,
            int count,
            double[] squaredNorms,
            float[] scores,
            int at,
            int firstRow,
            Shortlist[] lists,
            IntPredicate accepted) {
        for (int query = first; query < Math.min(first + count, lists.length); query++) {
            Shortlist list = lists[query];
            int rowAt = at + (query - first) * ProductKernel.WIDTH;
            long near = ProductKernel.atMost(scores, rowAt, list.limit());
            for (; near != 0; near &= near - 1) {
                int j = Long.numberOfTrailingZeros(near);
                int row = firstRow + j;
                if (accepted.test(row)) {
                    double gap = slack * (squaredNorms[query] + 2.0 * packed.squaredNorm(row)) + Float.MIN_NORMAL;
                    list.add(row, scores[rowAt + j], (float) (scores[rowAt + j] + gap));
                }
            }
        }
    }
}
