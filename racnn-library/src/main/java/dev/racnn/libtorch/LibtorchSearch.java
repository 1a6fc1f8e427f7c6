package dev.racnn.libtorch;

import dev.racnn.retrieval.ExactRanking;
import dev.racnn.retrieval.KeyChecks;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Exact search by libtorch. The product gives s = ||c||^2 / 2 - q.c in float, half the squared distance but for the query's
 * own norm; its smallest values list more candidates than are wanted, which are ranked by their true distances. A list is
 * good if no candidate beyond it can be as near as the k-th, whatever was rounded; otherwise a longer one is made.
 */
final class LibtorchSearch implements RetrievalEngine {
    /** Candidates listed besides those that are wanted. */
    private static final int SPARE = 22;

    /** How many times longer a list gets that did not settle its query. */
    private static final int GROWTH = 8;

    /** Scores that are held at a time. */
    private static final int SCORES = 1 << 23;

    private static final double UNIT = 0x1p-24;

    private final Keys keys;
    private final ExactRanking ranking;
    private final float[] mean;
    private final Tensor transposed;
    private final Tensor halfNorms;

    /** Bound of the error of a score, relative to the squared norms of the query and the candidate. */
    private final double slack;

    private final double largestNorm;
    private volatile boolean closed;

    private LibtorchSearch(Keys keys, float[] mean, Tensor transposed, Tensor halfNorms, double largestNorm) {
        this.keys = keys;
        this.ranking = new ExactRanking(keys);
        this.mean = mean;
        this.transposed = transposed;
        this.halfNorms = halfNorms;
        this.slack = 1.01 * UNIT * (keys.dimension() + 16);
        this.largestNorm = largestNorm;
    }

    static LibtorchSearch over(Keys keys) {
        KeyChecks.requireUsable(keys);
        int dimension = keys.dimension();
        float[] values = new float[Math.multiplyExact(keys.size(), dimension)];
        double[] sums = new double[dimension];
        for (int row = 0; row < keys.size(); row++) {
            keys.copyKey(row, values, row * dimension);
            KeyChecks.requireFinite(values, row * dimension, dimension, keys.id(row));
            for (int t = 0; t < dimension; t++) {
                sums[t] += values[row * dimension + t];
            }
        }
        float[] mean = new float[dimension];
        for (int t = 0; t < dimension; t++) {
            mean[t] = (float) (sums[t] / keys.size());
        }
        double[] squaredNorms = centre(values, mean);
        float[] halfNorms = new float[squaredNorms.length];
        for (int row = 0; row < halfNorms.length; row++) {
            halfNorms[row] = (float) (squaredNorms[row] / 2);
        }
        try (var _ = Scope.open()) {
            return new LibtorchSearch(
                    keys,
                    mean,
                    Scope.unscoped(Tensors.of(values, keys.size(), dimension).t()),
                    Scope.unscoped(Tensors.of(halfNorms, halfNorms.length)),
                    Arrays.stream(squaredNorms).max().orElseThrow());
        }
    }

    @Override
    public int dimension() {
        return keys.dimension();
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        return search(queries, k, (boolean[]) null);
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        boolean[] left = new boolean[size()];
        int count = 0;
        for (int row = 0; row < left.length; row++) {
            left[row] = accepted.test(keys.id(row));
            count += left[row] ? 1 : 0;
        }
        if (count < k) {
            throw KeyChecks.tooFewAccepted(count, k);
        }
        return search(queries, k, left);
    }

    private Neighbours search(float[] queries, int k, boolean @Nullable [] accepted) {
        if (closed) {
            throw new IllegalStateException("the retrieval engine is closed; open it again");
        }
        int count = KeyChecks.requireSearchable(queries, dimension(), k, size());
        long[] ids = new long[Math.multiplyExact(count, k)];
        float[] squaredDistances = new float[ids.length];
        float[] centred = queries.clone();
        double[] squaredNorms = centre(centred, mean);
        int wanted = Math.min(size(), k + SPARE);
        try (var _ = Scope.open()) {
            Tensor norms = accepted == null ? halfNorms : halfNorms.add(penalties(accepted));
            for (int[] open = IntStream.range(0, count).toArray(); open.length > 0; ) {
                boolean[] settled = new boolean[count];
                int part = Math.max(1, SCORES / size());
                for (int first = 0; first < open.length; first += part) {
                    int[] asked = Arrays.copyOfRange(open, first, Math.min(open.length, first + part));
                    Lists lists = nearest(centred, asked, wanted, norms);
                    for (int i = 0; i < asked.length; i++) {
                        int query = asked[i];
                        int[] rows = lists.rows(i, accepted);
                        if (rows.length < k) {
                            continue;
                        }
                        ranking.rank(queries, query * dimension(), rows, k, ids, squaredDistances, query * k);
                        float farthest = squaredDistances[query * k + k - 1];
                        settled[query] = wanted == size() || lists.last(i) > reach(farthest, squaredNorms[query]);
                    }
                }
                open = Arrays.stream(open).filter(query -> !settled[query]).toArray();
                wanted = (int) Math.min(size(), (long) GROWTH * wanted);
            }
        }
        return new Neighbours(count, k, ids, squaredDistances);
    }

    /**
     * The rows with the smallest scores for some queries.
     *
     * @param rows row-major [queries, length]
     * @param scores of these rows, ascending
     */
    private record Lists(int length, long[] rows, float[] scores) {
        /** The rows of a list that are accepted. */
        int[] rows(int query, boolean @Nullable [] accepted) {
            return Arrays.stream(rows, query * length, (query + 1) * length)
                    .mapToInt(row -> (int) row)
                    .filter(row -> accepted == null || accepted[row])
                    .toArray();
        }

        /** The largest score of a list. */
        float last(int query) {
            return scores[(query + 1) * length - 1];
        }
    }

    private Lists nearest(float[] centred, int[] queries, int wanted, Tensor norms) {
        float[] asked = new float[queries.length * dimension()];
        for (int i = 0; i < queries.length; i++) {
            System.arraycopy(centred, queries[i] * dimension(), asked, i * dimension(), dimension());
        }
        try (var _ = Scope.open()) {
            Tensor scores = norms.addmm(
                    Tensors.of(asked, queries.length, dimension()), transposed, new Scalar(1), new Scalar(-1));
            T_TensorTensor_T nearest = scores.topk(wanted, 1, false, true);
            return new Lists(wanted, Tensors.toLongs(nearest.get1()), Tensors.toFloats(nearest.get0()));
        }
    }

    /** The score above which no candidate is at most so far, whatever was rounded. */
    private double reach(float squaredDistance, double squaredNorm) {
        double exact = 0.5 * (squaredDistance + (double) Math.ulp(squaredDistance) - squaredNorm);
        return exact + slack * (squaredNorm + 2 * largestNorm) + Float.MIN_NORMAL;
    }

    /** Infinite for candidates that are not accepted. */
    private static Tensor penalties(boolean[] accepted) {
        float[] penalties = new float[accepted.length];
        for (int row = 0; row < penalties.length; row++) {
            penalties[row] = accepted[row] ? 0 : Float.POSITIVE_INFINITY;
        }
        return Tensors.of(penalties, penalties.length);
    }

    /** Takes the mean off vectors; returns their squared norms. */
    private static double[] centre(float[] vectors, float[] mean) {
        double[] squaredNorms = new double[vectors.length / mean.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] -= mean[i % mean.length];
            squaredNorms[i / mean.length] += (double) vectors[i] * vectors[i];
        }
        return squaredNorms;
    }

    @Override
    public void close() {
        closed = true;
        transposed.close();
        halfNorms.close();
    }
}
