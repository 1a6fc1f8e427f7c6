package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * The search of a navigable small-world graph (Malkov and Yashunin, algorithms 2 and 5), for one query after the other.
 * On the upper layers it follows the best link until none is better. On the lowest it keeps the {@code breadth} best nodes
 * found so far in order and visits the neighbours of the best one whose neighbours were not visited yet, until there is
 * none.
 */
final class GraphWalk {
    /** Set in an entry of {@link #best} once the neighbours of its node were visited. */
    private static final long VISITED = 1;

    private final GraphLayer[] layers;
    private final int entry;

    /** For each node the last query that saw it. */
    private final int[] seenBy;

    private final int[] nodes;
    private final float[] scores;
    private int query;

    /** The best nodes, best first: the bits of the score, then those of the node, then {@link #VISITED}. */
    private long[] best = new long[0];

    private int size;

    /** @param entry the node of the highest layer where every search begins */
    GraphWalk(GraphLayer[] layers, int entry, int size) {
        this.layers = layers;
        this.entry = entry;
        this.seenBy = new int[size];
        int most = 1;
        for (GraphLayer layer : layers) {
            most = Math.max(most, layer.mostNeighbours());
        }
        this.nodes = new int[most];
        this.scores = new float[most];
    }

    /**
     * Finds nodes with high scores.
     *
     * @param scorer scores of nodes for the query, not negative
     * @param breadth nodes kept, at least {@code wanted}
     * @return the {@code wanted} best nodes found, best first; fewer if the walk reaches fewer
     */
    int[] search(RandomVectorScorer scorer, int breadth, int wanted) throws IOException {
        begin(breadth);
        int start = descend(scorer);
        seenBy[start] = query;
        offer(start, scorer.score(start));
        int next = 0;
        while (next < size) {
            if ((best[next] & VISITED) != 0) {
                next++;
                continue;
            }
            int node = node(best[next]);
            best[next] |= VISITED;
            int count = unseen(layers[0].neighbours(node, nodes));
            if (count > 0) {
                scorer.bulkScore(nodes, scores, count);
            }
            for (int i = 0; i < count; i++) {
                next = Math.min(next, offer(nodes[i], scores[i]));
            }
        }
        int[] found = new int[Math.min(wanted, size)];
        Arrays.setAll(found, i -> node(best[i]));
        return found;
    }

    private void begin(int breadth) {
        if (best.length != breadth) {
            best = new long[breadth];
        }
        size = 0;
        query++;
        if (query == Integer.MAX_VALUE) {
            Arrays.fill(seenBy, 0);
            query = 1;
        }
    }

    /** The best node that following the best link finds, from the highest layer down to the one above the lowest. */
    private int descend(RandomVectorScorer scorer) throws IOException {
        int node = entry;
        if (layers.length == 1) {
            return node;
        }
        float score = scorer.score(node);
        for (int level = layers.length - 1; level > 0; level--) {
            for (boolean moved = true; moved; ) {
                moved = false;
                int count = layers[level].neighbours(node, nodes);
                scorer.bulkScore(nodes, scores, count);
                for (int i = 0; i < count; i++) {
                    if (scores[i] > score) {
                        score = scores[i];
                        node = nodes[i];
                        moved = true;
                    }
                }
            }
        }
        return node;
    }

    /** Moves those of the first nodes that this query has not seen to the front, and returns how many there are. */
    private int unseen(int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int node = nodes[i];
            // Without a branch: whether a node was seen cannot be predicted.
            nodes[kept] = node;
            kept += seenBy[node] == query ? 0 : 1;
            seenBy[node] = query;
        }
        return kept;
    }

    /** Puts a node in its place among the best, if it is one of them; returns its place. */
    private int offer(int node, float score) {
        // Of equal scores the smaller node comes first. Bits of floats that are not negative are in the order of the
        // floats.
        long entry = (long) Float.floatToRawIntBits(score) << 32 | (Integer.MAX_VALUE - (long) node) << 1;
        if (size == best.length && entry < best[size - 1]) {
            return size;
        }
        int place = 0;
        for (int end = size; place < end; ) {
            int middle = (place + end) >>> 1;
            if (entry > best[middle]) {
                end = middle;
            } else {
                place = middle + 1;
            }
        }
        int moved = Math.min(size, best.length - 1) - place;
        System.arraycopy(best, place, best, place + 1, moved);
        best[place] = entry;
        size = Math.min(size + 1, best.length);
        return place;
    }

    private static int node(long entry) {
        return Integer.MAX_VALUE - (int) ((entry & 0xFFFFFFFFL) >>> 1);
    }
}
