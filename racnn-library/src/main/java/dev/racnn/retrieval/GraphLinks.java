package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.hnsw.HnswGraph;

/**
 * The lowest layer of a navigable small-world graph, which holds every node, in plain arrays: following links in the
 * compressed form of the file costs a search about as much as comparing keys. Nodes come in blocks with arrays of their
 * own, because all links of 10^8 nodes are more than one array holds.
 */
final class GraphLinks {
    /** Blocks of 2^20 nodes: with the most links that a node may have, 2 x 512, a block has 2^30. */
    private static final int BLOCK_BITS = 20;

    private final int nodes;
    private final int blockBits;
    private final Block[] blocks;

    private GraphLinks(int nodes, int blockBits, Block[] blocks) {
        this.nodes = nodes;
        this.blockBits = blockBits;
        this.blocks = blocks;
    }

    /**
     * The links of consecutive nodes.
     *
     * @param starts where the neighbours of each node begin, [nodes + 1]
     */
    private record Block(int[] starts, int[] neighbours) {
        /** Reads the links of nodes from {@code first} up to and without {@code end}. */
        static Block read(HnswGraph graph, int first, int end) throws IOException {
            int[] starts = new int[end - first + 1];
            int[] neighbours = new int[end - first];
            int size = 0;
            for (int node = first; node < end; node++) {
                graph.seek(0, node);
                for (int next = graph.nextNeighbor();
                        next != DocIdSetIterator.NO_MORE_DOCS;
                        next = graph.nextNeighbor()) {
                    if (size == neighbours.length) {
                        neighbours = Arrays.copyOf(neighbours, 2 * size);
                    }
                    neighbours[size++] = next;
                }
                starts[node - first + 1] = size;
            }
            return new Block(starts, Arrays.copyOf(neighbours, size));
        }

        int most() {
            int most = 0;
            for (int node = 0; node < starts.length - 1; node++) {
                most = Math.max(most, starts[node + 1] - starts[node]);
            }
            return most;
        }
    }

    static GraphLinks of(HnswGraph graph) throws IOException {
        return of(graph, BLOCK_BITS);
    }

    /** @param blockBits binary logarithm of the nodes in a block */
    static GraphLinks of(HnswGraph graph, int blockBits) throws IOException {
        int perBlock = 1 << blockBits;
        Block[] blocks = new Block[Math.ceilDiv(graph.size(), perBlock)];
        for (int block = 0; block < blocks.length; block++) {
            int first = block << blockBits;
            blocks[block] = Block.read(graph, first, first + Math.min(perBlock, graph.size() - first));
        }
        return new GraphLinks(graph.size(), blockBits, blocks);
    }

    int nodes() {
        return nodes;
    }

    /** Copies the neighbours of a node to the front of {@code target} and returns how many there are. */
    int neighbours(int node, int[] target) {
        Block block = blocks[node >>> blockBits];
        int inBlock = node & ((1 << blockBits) - 1);
        int from = block.starts[inBlock];
        int count = block.starts[inBlock + 1] - from;
        System.arraycopy(block.neighbours, from, target, 0, count);
        return count;
    }

    /** The most neighbours that a node has. */
    int mostNeighbours() {
        return Arrays.stream(blocks).mapToInt(Block::most).max().orElse(0);
    }
}
