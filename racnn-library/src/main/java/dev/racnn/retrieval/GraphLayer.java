package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.hnsw.HnswGraph;

/**
 * One layer of a navigable small-world graph in plain arrays: following links in the compressed form of the file costs a
 * search about as much as comparing keys.
 */
final class GraphLayer {
    /** The nodes of the layer in ascending order. */
    private final int[] nodes;

    /** Where the neighbours of each of {@link #nodes} begin, [nodes + 1]. */
    private final int[] starts;

    private final int[] neighbours;

    private GraphLayer(int[] nodes, int[] starts, int[] neighbours) {
        this.nodes = nodes;
        this.starts = starts;
        this.neighbours = neighbours;
    }

    /** Reads all layers, the lowest first: it holds every node. */
    static GraphLayer[] of(HnswGraph graph) throws IOException {
        GraphLayer[] layers = new GraphLayer[graph.numLevels()];
        for (int level = 0; level < layers.length; level++) {
            layers[level] = read(graph, level);
        }
        return layers;
    }

    private static GraphLayer read(HnswGraph graph, int level) throws IOException {
        HnswGraph.NodesIterator iterator = graph.getSortedNodes(level);
        int[] nodes = new int[iterator.size()];
        int[] starts = new int[nodes.length + 1];
        int[] neighbours = new int[nodes.length];
        int size = 0;
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = iterator.nextInt();
            graph.seek(level, nodes[i]);
            for (int next = graph.nextNeighbor(); next != DocIdSetIterator.NO_MORE_DOCS; next = graph.nextNeighbor()) {
                if (size == neighbours.length) {
                    neighbours = Arrays.copyOf(neighbours, Math.multiplyExact(2, size));
                }
                neighbours[size++] = next;
            }
            starts[i + 1] = size;
        }
        return new GraphLayer(nodes, starts, Arrays.copyOf(neighbours, size));
    }

    /** Copies the neighbours of a node to the front of {@code target} and returns how many there are. */
    int neighbours(int node, int[] target) {
        // The lowest layer holds every node, so there each is at its own place.
        int place = node < nodes.length && nodes[node] == node ? node : Arrays.binarySearch(nodes, node);
        int from = starts[place];
        int count = starts[place + 1] - from;
        System.arraycopy(neighbours, from, target, 0, count);
        return count;
    }

    /** The most neighbours that a node has. */
    int mostNeighbours() {
        int most = 0;
        for (int i = 0; i < nodes.length; i++) {
            most = Math.max(most, starts[i + 1] - starts[i]);
        }
        return most;
    }
}
