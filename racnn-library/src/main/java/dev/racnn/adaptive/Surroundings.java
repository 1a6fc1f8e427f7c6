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
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The candidates around some points: the nearest of all, and the nearest of each class, so that there is a way to every
 * class. Holds their keys and features; points with fewer candidates have blanks.
 */
final class Surroundings implements AutoCloseable {
    private static final int NEAREST = 100;
    private static final int OF_EACH_CLASS = 16;

    private final int[] rows;
    private final Tensor keys;
    private final Tensor squares;
    private final Tensor features;
    private final Tensor labels;

    private Surroundings(int[] rows, Tensor keys, Tensor squares, Tensor features, Tensor labels) {
        this.rows = rows;
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
            Tensor squares = keys.square().sum(2).add(Tensors.of(blank, rows.length, m));
            Tensor features = box.candidateFeatures(all).view(rows.length, m, -1);
            return new Surroundings(rows.clone(), keys, squares, features, Tensors.of(classes, rows.length, m));
        }
    }

    /** The candidates around each point, each once. */
    private static long[][] ids(WhiteBox box, Tensor points) {
        int n = Math.toIntExact(points.size(0));
        List<Set<Long>> around = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            around.add(new LinkedHashSet<>());
        }
        // One more than K, where there are so many: the gate needs the first that stays outside.
        int nearest = Math.min(Math.max(NEAREST, box.neighbours() + 1), box.candidates());
        add(around, box.search(points, nearest));
        for (int label = 0; label < box.classes(); label++) {
            int count = Math.min(OF_EACH_CLASS, box.candidates(label));
            if (count > 0) {
                add(around, box.search(points, count, label));
            }
        }
        return around.stream()
                .map(ids -> ids.stream().mapToLong(Long::longValue).toArray())
                .toArray(long[][]::new);
    }

    private static void add(List<Set<Long>> around, Neighbours found) {
        for (int i = 0; i < found.queries(); i++) {
            for (int rank = 0; rank < found.k(); rank++) {
                around.get(i).add(found.id(i, rank));
            }
        }
    }

    /** Where each of these rows is among those that were looked around for; empty if one of them is not. */
    private Optional<int[]> positions(int... wanted) {
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            places.put(rows[i], i);
        }
        return IntStream.of(wanted).allMatch(places::containsKey)
                ? Optional.of(IntStream.of(wanted).map(places::get).toArray())
                : Optional.empty();
    }

    /** The surroundings of these rows alone, and in their order: these, or others to be closed; nothing if some are missing. */
    Optional<Surroundings> of(int... wanted) {
        if (Arrays.equals(rows, wanted)) {
            return Optional.of(this);
        }
        return positions(wanted).map(places -> {
            try (var _ = Scope.open()) {
                Tensor index = Tensors.of(places);
                return new Surroundings(
                        wanted.clone(),
                        keys.index_select(0, index),
                        squares.index_select(0, index),
                        features.index_select(0, index),
                        labels.index_select(0, index));
            }
        });
    }

    /**
     * Squared distances, infinite for blanks.
     *
     * @param points keys of as many points as there are rows, [n, d'], with gradient
     * @return [n, m]
     */
    Tensor distances(Tensor points) {
        Tensor products = torch.bmm(keys, points.unsqueeze(2)).squeeze(2);
        Tensor own = points.square().sum(1).unsqueeze(1);
        return own.add(squares).sub(products.mul(new Scalar(2.0))).clamp_min(new Scalar(0.0));
    }

    /** phi(x'_j): [n, m, d]. */
    Tensor features() {
        return features;
    }

    /** Classes: int64 [n, m]. */
    Tensor labels() {
        return labels;
    }

    @Override
    public void close() {
        keys.close();
        squares.close();
        features.close();
        labels.close();
    }
}
