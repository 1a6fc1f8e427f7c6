package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.hnsw.HnswGraph;

/**
 * The lowest layer of a navigable small-world graph, which holds every node, in plain arrays: following links in the
 * compressed form of the file costs a search about as much as comparing keys.
 */
final class GraphLinks {
    /** Where the neighbours of each node begin, [nodes + 1]. */
    private final int[] starts;

    private final int[] neighbours;

    private GraphLinks(int[] starts, int[] neighbours) {
        this.starts = starts;
        this.neighbours = neighbours;
    }

    static GraphLinks of(HnswGraph graph) throws IOException {
        int[] starts = new int[graph.size() + 1];
        int[] neighbours = new int[graph.size()];
        int size = 0;
        for (int node = 0; node < graph.size(); node++) {
            graph.seek(0, node);
            for (int next = graph.nextNeighbor(); next != DocIdSetIterator.NO_MORE_DOCS; next = graph.nextNeighbor()) {
                if (size == neighbours.length) {
                    neighbours = Arrays.copyOf(neighbours, Math.multiplyExact(2, size));
                }
                neighbours[size++] = next;
            }
            starts[node + 1] = size;
        }
        return new GraphLinks(starts, Arrays.copyOf(neighbours, size));
    }

    int nodes() {
        return starts.length - 1;
    }

    /** Copies the neighbours of a node to the front of {@code target} and returns how many there are. */
    int neighbours(int node, int[] target) {
        int from = starts[node];
        int count = starts[node + 1] - from;
        System.arraycopy(neighbours, from, target, 0, count);
        return count;
    }

    /** The most neighbours that a node has. */
    int mostNeighbours() {
        int most = 0;
        for (int node = 0; node < nodes(); node++) {
            most = Math.max(most, starts[node + 1] - starts[node]);
        }
        return most;
    }
}
