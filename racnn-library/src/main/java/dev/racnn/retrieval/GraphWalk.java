package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * The search of a navigable small-world graph (Malkov and Yashunin, algorithm 2), for one query after the other: keeps the
 * {@code breadth} best nodes found so far in order and visits the neighbours of the best one whose neighbours were not
 * visited yet, until there is none. Where it begins, {@link EntryPoints} tells.
 */
final class GraphWalk {
    /** Set in an entry of {@link #best} once the neighbours of its node were visited. */
    private static final long VISITED = 1;

    private final GraphLinks links;

    /** For each node the last query that saw it. */
    private final int[] seenBy;

    private final int[] nodes;
    private final float[] scores;
    private int query;

    /** The best nodes, best first: the bits of the score, then those of the node, then {@link #VISITED}. */
    private long[] best = new long[0];

    private int size;

    GraphWalk(GraphLinks links) {
        this.links = links;
        this.seenBy = new int[links.nodes()];
        this.nodes = new int[Math.max(1, links.mostNeighbours())];
        this.scores = new float[nodes.length];
    }

    /**
     * Finds nodes with high scores.
     *
     * @param scorer scores of nodes for the query, not negative
     * @param entries distinct nodes to begin with, at least one
     * @param breadth nodes kept, at least 1
     * @return the best nodes found, best first: {@code breadth}, or fewer if the walk reaches fewer
     */
    int[] search(RandomVectorScorer scorer, int[] entries, int breadth) throws IOException {
        begin(breadth);
        for (int entry : entries) {
            seenBy[entry] = query;
            offer(entry, scorer.score(entry));
        }
        int next = 0;
        while (next < size) {
            if ((best[next] & VISITED) != 0) {
                next++;
                continue;
            }
            int node = node(best[next]);
            best[next] |= VISITED;
            int count = unseen(links.neighbours(node, nodes));
            if (count > 0) {
                scorer.bulkScore(nodes, scores, count);
            }
            for (int i = 0; i < count; i++) {
                next = Math.min(next, offer(nodes[i], scores[i]));
            }
        }
        int[] found = new int[size];
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
