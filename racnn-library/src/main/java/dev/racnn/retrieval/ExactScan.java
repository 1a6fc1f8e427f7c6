package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Scores every query against every candidate by a blocked matrix product in float that yields, from
 * d^2 = ||q||^2 - 2 q.c + ||c||^2, a bound of each distance from below and from above that holds whatever was rounded.
 * It lists the few candidates that the bounds cannot rule out.
 *
 * <p>Memory: one float copy of the keys in packed layout.
 */
final class ExactScan {
    /** Queries that share one pass over the candidates. */
    private static final int QUERY_BLOCK = 128;

    /** Components multiplied at a time, so that a panel's part stays in the first-level cache. */
    private static final int DEPTH_BLOCK = 128;

    /** Panels that share a part of the queries in the second-level cache, where there are several such parts. */
    private static final int PANEL_TILE = 16;

    /** One panel in so many is scanned first, to find out how near the nearest candidates are. */
    private static final int SAMPLED = 4;

    /** Unit round-off of float. */
    private static final double UNIT = 0x1p-24;

    private final PackedKeys packed;

    /** Bound of the relative rounding error of a score; see {@link #scan}. */
    private final double slack;

    private final float[] initialScores;

    private ExactScan(PackedKeys packed) {
        this.packed = packed;
        this.slack = 1.01 * UNIT * (packed.dimension() + 16);
        this.initialScores = new float[packed.panels() * ProductKernel.WIDTH];
        for (int row = 0; row < initialScores.length; row++) {
            initialScores[row] = (float) (packed.squaredNorm(row) * (0.5 - slack));
        }
    }

    /**
     * Packs the keys.
     *
     * @param dimension components of a key that are scanned, the first ones
     * @param reader is given every block of keys as well, with all components
     */
    static ExactScan build(KeySource source, int dimension, Workers workers, KeySource.BlockReader reader)
            throws IOException {
        return new ExactScan(PackedKeys.pack(source, dimension, workers, reader));
    }

    /** Components that are scanned. */
    int dimension() {
        return packed.dimension();
    }

    /**
     * Lists for every query the candidates up to some {@link Shortlist#limit}: mostly its {@code wanted} nearest and some
     * more, and all if {@code wanted} is their number.
     *
     * @param queries row-major [count, dimension]
     * @param accepted tells whether a row may be listed
     */
    Shortlist[] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        Shortlist[] lists = new Shortlist[count];
        int blocks = Math.ceilDiv(count, QUERY_BLOCK);
        // Few queries: the threads share the candidates instead.
        int shares = blocks == 0 ? 1 : Math.min(packed.panels(), Math.ceilDiv(workers.threads(), blocks));
        Shortlist[][] found = new Shortlist[blocks * shares][0];
        workers.forEach(found.length, task -> {
            int share = task % shares;
            int first = task / shares * QUERY_BLOCK;
            int firstPanel = (int) ((long) packed.panels() * share / shares);
            int lastPanel = (int) ((long) packed.panels() * (share + 1) / shares);
            found[task] =
                    scan(queries, first, Math.min(QUERY_BLOCK, count - first), wanted, firstPanel, lastPanel, accepted);
        });
        workers.forEach(count, query -> {
            int task = query / QUERY_BLOCK * shares;
            Shortlist list = found[task][query % QUERY_BLOCK];
            for (int share = 1; share < shares; share++) {
                list.addAll(found[task + share][query % QUERY_BLOCK]);
            }
            lists[query] = list;
        });
        return lists;
    }

    /**
     * The lower bound in a query's list above which no candidate is within the given distance.
     *
     * @param list a list that {@link #search} made
     */
    double reach(Shortlist list, double squaredDistance) {
        return 0.5 * (squaredDistance - (1 - slack) * list.squaredNorm());
    }

    /**
     * Scores {@code count} queries, from {@code first}, against panels [firstPanel, lastPanel).
     *
     * <p>The score of a candidate is s = ||c||^2 / 2 - q.c, half its squared distance but for the query's own norm. Its
     * error is at most slack (||q||^2 / 2 + ||c||^2), slack counting the roundings on the longest path in units of the
     * last place (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), those of the centring and of the
     * final distance included. The part with ||c|| is taken off the starting value, so the scan
     * itself computes lower bounds (less a constant of the query, which all its candidates share).
     */
    private Shortlist[] scan(
            float[] queries, int first, int count, int wanted, int firstPanel, int lastPanel, IntPredicate accepted) {
        int dimension = packed.dimension();
        float[] turned = new float[count * dimension];
        double[] squaredNorms = turn(queries, first * dimension, turned);
        Shortlist[] lists = new Shortlist[count];
        QueryGroups groups = new QueryGroups(turned, 0, lists.length, dimension);
        int[] panels = sampleFirst(firstPanel, lastPanel);
        int sampled = Math.ceilDiv(panels.length, SAMPLED);
        int inSample = atMostInSample(wanted, (double) sampled / panels.length);
        Arrays.setAll(lists, i -> new Shortlist(inSample, squaredNorms[i]));
        scan(groups, Arrays.copyOf(panels, sampled), lists, accepted);
        for (Shortlist list : lists) {
            list.prolong(wanted);
        }
        scan(groups, Arrays.copyOfRange(panels, sampled, panels.length), lists, accepted);
        return lists;
    }

    /** Panels [first, last), those of the sample before the others. */
    private static int[] sampleFirst(int first, int last) {
        int[] panels = new int[last - first];
        int sampled = 0;
        int others = Math.ceilDiv(panels.length, SAMPLED);
        for (int i = 0; i < panels.length; i++) {
            panels[i % SAMPLED == 0 ? sampled++ : others++] = first + i;
        }
        return panels;
    }

    /**
     * How many of the {@code wanted} nearest candidates a sample holds at most, as a rule: the expected number, 2.5
     * standard deviations, and 2. A list that is too short then misses none that its limit promises, but may have to be
     * asked for again.
     */
    private static int atMostInSample(int wanted, double share) {
        double expected = wanted * share;
        return (int) Math.ceil(expected + 2.5 * Math.sqrt(expected) + 2);
    }

    private void scan(QueryGroups groups, int[] panels, Shortlist[] lists, IntPredicate accepted) {
        int width = ProductKernel.WIDTH;
        int dimension = packed.dimension();
        int tile = dimension <= DEPTH_BLOCK ? 1 : PANEL_TILE;
        float[] scores = new float[tile * groups.scores()];
        for (int tileStart = 0; tileStart < panels.length; tileStart += tile) {
            int tileEnd = Math.min(tileStart + tile, panels.length);
            for (int start = 0; start < dimension; start += DEPTH_BLOCK) {
                int depth = Math.min(DEPTH_BLOCK, dimension - start);
                for (int place = tileStart; place < tileEnd; place++) {
                    int panel = panels[place];
                    float[] chunk = packed.chunk(panel);
                    int offset = packed.offset(panel) + start * width;
                    for (int group = 0; group < groups.count(); group++) {
                        int at = tile == 1 ? 0 : (place - tileStart) * groups.scores() + group * groups.size() * width;
                        if (start == 0) {
                            groups.addProducts(
                                    group, 0, chunk, offset, depth, initialScores, panel * width, 0, scores, at);
                        } else {
                            groups.addProducts(group, start, chunk, offset, depth, scores, at, width, scores, at);
                        }
                        if (start + depth == dimension) {
                            collect(group * groups.size(), groups.size(), scores, at, panel * width, lists, accepted);
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
            int first, int count, float[] scores, int at, int firstRow, Shortlist[] lists, IntPredicate accepted) {
        for (int query = first; query < Math.min(first + count, lists.length); query++) {
            Shortlist list = lists[query];
            int rowAt = at + (query - first) * ProductKernel.WIDTH;
            long near = ProductKernel.atMost(scores, rowAt, list.limit());
            for (; near != 0; near &= near - 1) {
                int j = Long.numberOfTrailingZeros(near);
                int row = firstRow + j;
                if (accepted.test(row)) {
                    double gap = slack * (list.squaredNorm() + 2.0 * packed.squaredNorm(row)) + Float.MIN_NORMAL;
                    list.add(row, scores[rowAt + j], (float) (scores[rowAt + j] + gap));
                }
            }
        }
    }
}
