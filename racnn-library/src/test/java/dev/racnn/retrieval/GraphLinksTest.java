package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphLinksTest {
    private static final int[][] LINKS = {{1, 2, 3, 4}, {0}, {}, {0, 4}, {3, 0, 1}};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 20})
    void links_are_the_same_however_they_are_split(int blockBits) throws IOException {
        GraphLinks links = GraphLinks.of(new Graph(), blockBits);
        assertThat(links.nodes()).isEqualTo(5);
        assertThat(links.mostNeighbours()).isEqualTo(4);
        int[] target = new int[4];
        for (int node = 0; node < LINKS.length; node++) {
            assertThat(Arrays.copyOf(target, links.neighbours(node, target))).containsExactly(LINKS[node]);
        }
    }

    private static final class Graph extends HnswGraph {
        private int node;
        private int next;

        @Override
        public void seek(int level, int target) {
            node = target;
            next = 0;
        }

        @Override
        public int size() {
            return LINKS.length;
        }

        @Override
        public int nextNeighbor() {
            return next < LINKS[node].length ? LINKS[node][next++] : DocIdSetIterator.NO_MORE_DOCS;
        }

        @Override
        public int numLevels() {
            return 1;
        }

        @Override
        public int maxConn() {
            return 4;
        }

        @Override
        public int entryNode() {
            return 0;
        }

        @Override
        public int neighborCount() {
            return LINKS[node].length;
        }

        @Override
        public NodesIterator getNodesOnLevel(int level) {
            throw new UnsupportedOperationException("only links are read");
        }
    }
}
