package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Guide samples of some points (Sitawarin and Wagner, 2020): the nearest candidates of the true class, to get away from, and of the
 * wrong class that is nearest on average, to get near to.
 *
 * @param keys phi'(x'_j) of the guides, those of the true class first: [n, 2 each, d']
 * @param signs -1 for those of the true class, 1 for the others, 0 for guides that are not there: [n, 2 each]
 * @param radius squared distance of the K-th neighbour: [n, 1]
 */
record Guides(Tensor keys, Tensor signs, Tensor radius) {
    /**
     * Looks for guides.
     *
     * @param points keys of the points, [n, d']
     * @param each how many of each of the two classes
     * @param rows the example of each point
     */
    static Guides of(WhiteBox box, AttackBatch batch, Tensor points, int each, int... rows) {
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            int k = box.neighbours();
            List<long[]> ofClasses = box.nearestOfEachClass(points, each);
            float[] radius = new float[rows.length];
            var neighbours = box.search(points, k);
            float[] signs = new float[rows.length * 2 * each];
            long[] ids = new long[signs.length];
            for (int i = 0; i < rows.length; i++) {
                radius[i] = neighbours.squaredDistance(i, k - 1);
                int label = batch.label(rows[i]);
                OptionalInt target = batch.target(rows[i]);
                int wrong = target.isPresent()
                        ? target.getAsInt()
                        : nearestWrong(box, points.select(0, i), ofClasses, i, rows.length, label);
                fill(ids, signs, (2 * i) * each, own(ofClasses, label, i, rows.length), -1, each);
                fill(ids, signs, (2 * i + 1) * each, own(ofClasses, wrong, i, rows.length), 1, each);
            }
            Tensor keys = box.candidateKeys(ids).view(rows.length, 2L * each, points.size(1));
            return new Guides(
                    scope.escape(keys),
                    scope.escape(Tensors.of(signs, rows.length, 2L * each)),
                    scope.escape(Tensors.of(radius, rows.length, 1)));
        }
    }

    private static void fill(long[] ids, float[] signs, int at, long[] own, int sign, int each) {
        for (int rank = 0; rank < each; rank++) {
            ids[at + rank] = own.length == 0 ? ids[0] : own[Math.min(rank, own.length - 1)];
            signs[at + rank] = rank < own.length ? sign : 0;
        }
    }

    /** The candidates of a class that are near one of n points, the nearest first. */
    private static long[] own(List<long[]> ofClasses, int label, int point, int n) {
        long[] all = ofClasses.get(label);
        int count = all.length / n;
        return IntStream.range(0, count)
                .mapToLong(rank -> all[point * count + rank])
                .toArray();
    }

    private static int nearestWrong(WhiteBox box, Tensor key, List<long[]> ofClasses, int point, int n, int label) {
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int other = 0; other < ofClasses.size(); other++) {
            long[] own = own(ofClasses, other, point, n);
            if (other == label || own.length == 0) {
                continue;
            }
            try (var _ = Scope.open()) {
                double mean = Tensors.toDoubles(
                        box.candidateKeys(own).sub(key).square().sum(1).mean())[0];
                if (mean < least) {
                    least = mean;
                    nearest = other;
                }
            }
        }
        if (nearest < 0) {
            throw new IllegalArgumentException(
                    "guide samples need candidates of two classes, but all are of class %s".formatted(label));
        }
        return nearest;
    }
}
