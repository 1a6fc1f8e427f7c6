package dev.racnn.adaptive;

import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The candidates around some points: the nearest of all, and the nearest of each class, so that there is a way to every
 * class. Holds their keys and features; points with fewer candidates have blanks.
 */
final class Surroundings implements AutoCloseable {
    private static final int NEAREST = 100;
    private static final int OF_EACH_CLASS = 16;

    private final Map<Integer, Integer> places;
    private final Tensor keys;
    private final Tensor squares;
    private final Tensor features;
    private final Tensor labels;

    private Surroundings(int[] rows, Tensor keys, Tensor squares, Tensor features, Tensor labels) {
        this.places = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            places.put(rows[i], i);
        }
        this.keys = Scope.unscoped(keys);
        this.squares = Scope.unscoped(squares);
        this.features = Scope.unscoped(features);
        this.labels = Scope.unscoped(labels);
    }

    /**
     * Looks around.
     *
     * @param points their keys, [n, d']
     * @param rows the example of each
     */
    static Surroundings of(WhiteBox box, Tensor points, int... rows) {
        try (var _ = Scope.open()) {
            long[][] ids = ids(box, points);
            int m = Arrays.stream(ids).mapToInt(own -> own.length).max().orElse(0);
            long[] all = new long[rows.length * m];
            float[] blank = new float[all.length];
            long[] classes = new long[all.length];
            for (int i = 0; i < all.length; i++) {
                long[] own = ids[i / m];
                int rank = i % m;
                all[i] = own[rank < own.length ? rank : 0];
                blank[i] = rank < own.length ? 0 : Float.POSITIVE_INFINITY;
                classes[i] = box.label(all[i]);
            }
            Tensor keys = box.candidateKeys(all).view(rows.length, m, -1);
            // Without a tensor as large as the keys in between.
            Tensor squares =
                    keys.norm(new ScalarOptional(new Scalar(2.0)), 2).square().add(Tensors.of(blank, rows.length, m));
            Tensor features = box.candidateFeatures(all).view(rows.length, m, -1);
            return new Surroundings(rows, keys, squares, features, Tensors.of(classes, rows.length, m));
        }
    }

    /** The candidates around each point, each once. */
    private static long[][] ids(WhiteBox box, Tensor points) {
        int n = Math.toIntExact(points.size(0));
        List<Set<Long>> around = new ArrayList<>();
        // One more than K, where there are so many: the gate needs the first that stays outside.
        int nearest = Math.min(Math.max(NEAREST, box.neighbours() + 1), box.candidates());
        Neighbours found = box.search(points, nearest);
        for (int i = 0; i < n; i++) {
            Set<Long> own = new LinkedHashSet<>();
            for (int rank = 0; rank < nearest; rank++) {
                own.add(found.id(i, rank));
            }
            around.add(own);
        }
        for (long[] ofClass : box.nearestOfEachClass(points, OF_EACH_CLASS)) {
            for (int i = 0; i < ofClass.length; i++) {
                around.get(i / (ofClass.length / n)).add(ofClass[i]);
            }
        }
        return around.stream()
                .map(ids -> ids.stream().mapToLong(Long::longValue).toArray())
                .toArray(long[][]::new);
    }

    /** Whether it was looked around for all of these rows. */
    boolean holds(int... rows) {
        return IntStream.of(rows).allMatch(places::containsKey);
    }

    /**
     * Squared distances, infinite for blanks.
     *
     * @param points keys of the points of some rows, [n, d'], with gradient
     * @param rows some that it {@link #holds}; may repeat
     * @return [n, m]
     */
    Tensor distances(Tensor points, int... rows) {
        Tensor products = RowProducts.of(keys, points, i -> place(rows[i]));
        Tensor own = points.square().sum(1).unsqueeze(1);
        return own.add(some(squares, rows)).sub(products.mul(new Scalar(2.0))).clamp_min(new Scalar(0.0));
    }

    /** phi(x'_j): [n, m, d]. */
    Tensor features(int... rows) {
        return some(features, rows);
    }

    /** Classes: int64 [n, m]. */
    Tensor labels(int... rows) {
        return some(labels, rows);
    }

    private Tensor some(Tensor all, int... rows) {
        return isWhole(rows) ? all : all.index_select(0, index(rows));
    }

    /** Whether these are all rows, in their order. */
    private boolean isWhole(int... rows) {
        return rows.length == places.size() && IntStream.range(0, rows.length).allMatch(i -> place(rows[i]) == i);
    }

    private Tensor index(int... rows) {
        return Tensors.of(IntStream.of(rows).map(this::place).toArray());
    }

    private int place(int row) {
        return Objects.requireNonNull(places.get(row));
    }

    @Override
    public void close() {
        keys.close();
        squares.close();
        features.close();
        labels.close();
    }
}
