package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.apache.lucene.index.FloatVectorValues;

/**
 * Where walks along a graph begin: evenly spaced nodes, with all of which a query is compared, in place of the upper layers
 * of the graph. Following the best link there, one walk in six among 500,000 keys in 300 clusters ended in a cluster that
 * was not the query's and found none of its neighbours. Keys that lie side by side in memory are compared many times
 * as fast as keys along a path.
 */
final class EntryPoints {
    /** Entry points from which a walk sets out. */
    private static final int TAKEN = 8;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();

    /** Keys that are compared together. */
    private static final int PANEL = 4 * LANES;

    private final int[] nodes;

    /** The nodes' keys, [panels, dimension, PANEL]. */
    private final float[] panels;

    private final int dimension;

    private EntryPoints(int[] nodes, float[] panels, int dimension) {
        this.nodes = nodes;
        this.panels = panels;
        this.dimension = dimension;
    }

    /** Copies the keys of 4 sqrt(n) nodes. */
    static EntryPoints of(FloatVectorValues vectors) throws IOException {
        int size = vectors.size();
        int count = Math.min(size, (int) (4 * Math.sqrt(size)));
        int dimension = vectors.dimension();
        int[] nodes = new int[count];
        float[] panels = new float[Math.multiplyExact(Math.ceilDiv(count, PANEL) * PANEL, dimension)];
        for (int i = 0; i < count; i++) {
            nodes[i] = (int) ((long) size * i / count);
            float[] key = vectors.vectorValue(nodes[i]);
            int at = i / PANEL * PANEL * dimension + i % PANEL;
            for (int t = 0; t < dimension; t++) {
                panels[at + t * PANEL] = key[t];
            }
        }
        return new EntryPoints(nodes, panels, dimension);
    }

    /** The entry points nearest to a query, nearest first. */
    int[] nearest(float[] query) {
        float[] distances = new float[Math.min(TAKEN, nodes.length)];
        int[] nearest = new int[distances.length];
        Arrays.fill(distances, Float.POSITIVE_INFINITY);
        float[] ofPanel = new float[PANEL];
        for (int first = 0; first < nodes.length; first += PANEL) {
            compare(query, first * dimension, ofPanel);
            int count = Math.min(PANEL, nodes.length - first);
            for (int i = 0; i < count; i++) {
                int place = distances.length;
                while (place > 0 && ofPanel[i] < distances[place - 1]) {
                    place--;
                }
                if (place < distances.length) {
                    int moved = distances.length - 1 - place;
                    System.arraycopy(distances, place, distances, place + 1, moved);
                    System.arraycopy(nearest, place, nearest, place + 1, moved);
                    distances[place] = ofPanel[i];
                    nearest[place] = nodes[first + i];
                }
            }
        }
        return nearest;
    }

    /** Squared distances of a query from the keys of a panel, of use only to order them. */
    private void compare(float[] query, int panel, float[] distances) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int t = 0; t < dimension; t++) {
            int at = panel + t * PANEL;
            FloatVector component = FloatVector.broadcast(FLOATS, query[t]);
            FloatVector difference = FloatVector.fromArray(FLOATS, panels, at).sub(component);
            a = difference.fma(difference, a);
            difference = FloatVector.fromArray(FLOATS, panels, at + LANES).sub(component);
            b = difference.fma(difference, b);
            difference = FloatVector.fromArray(FLOATS, panels, at + 2 * LANES).sub(component);
            c = difference.fma(difference, c);
            difference = FloatVector.fromArray(FLOATS, panels, at + 3 * LANES).sub(component);
            d = difference.fma(difference, d);
        }
        a.intoArray(distances, 0);
        b.intoArray(distances, LANES);
        c.intoArray(distances, 2 * LANES);
        d.intoArray(distances, 3 * LANES);
    }
}
