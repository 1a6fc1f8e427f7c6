package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * phi(x') of every candidate, kept between the steps of a training.
 *
 * <p>A batch of 128 queries has about 1,200 distinct neighbours at K = 10. Sending all of them through phi would make a
 * step eleven times as dear as the baseline's. Instead a random few do, with gradient, and leave their new features here;
 * the others contribute what was stored when they last did, or when the epoch began. What a step leaves was computed with
 * the statistics of its batch, which its gradient belongs to; the rest with the running ones.
 */
final class FeatureBank implements AutoCloseable {
    private static final int BATCH = 250;

    private final Dataset candidates;
    private final Network phi;
    private final Precision precision;
    private final Tensor features;

    FeatureBank(Dataset candidates, Network phi, int dimension, Precision precision) {
        this.candidates = candidates;
        this.phi = phi;
        this.precision = precision;
        try (var _ = Scope.open()) {
            features = Scope.unscoped(Tensors.zeros(ScalarType.Float, candidates.size(), dimension));
        }
    }

    /** Recomputes everything with the running statistics, as an index is built. */
    void refresh() {
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < candidates.size(); start += step) {
            int end = Math.min(start + step, candidates.size());
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                features.narrow(0, start, end - start)
                        .copy_(phi.forward(Batch.range(candidates, start, end).images(), Pass.EVALUATION, precision));
            }
        }
    }

    /** The stored features of candidates, [rows, d], without gradient. */
    Tensor stored(int[] rows) {
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            return scope.escape(features.index_select(0, Tensors.of(rows)));
        }
    }

    /**
     * The features of candidates, some of them computed afresh and connected to phi in the autograd graph.
     *
     * @param rows candidates, with repetitions
     * @param fresh how many distinct ones to compute; those are drawn at random
     * @return [rows, d]
     */
    Tensor features(int[] rows, int fresh, long seed) {
        try (var scope = Scope.open()) {
            int[] drawn = draw(rows, fresh, seed);
            Tensor computed = phi.forward(Batch.of(candidates, drawn).images(), Pass.TRAINING, precision);
            try (var _ = new NoGradGuard()) {
                features.index_copy_(0, Tensors.of(drawn), computed);
            }
            int[] placeOf = new int[candidates.size()];
            for (int i = 0; i < drawn.length; i++) {
                placeOf[drawn[i]] = i + 1;
            }
            List<Integer> positions = new ArrayList<>();
            List<Integer> sources = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                if (placeOf[rows[i]] > 0) {
                    positions.add(i);
                    sources.add(placeOf[rows[i]] - 1);
                }
            }
            Tensor gathered = computed.index_select(0, Tensors.of(toInts(sources)));
            return scope.escape(stored(rows).index_copy(0, Tensors.of(toInts(positions)), gathered));
        }
    }

    @Override
    public void close() {
        features.close();
    }

    private static int[] draw(int[] rows, int count, long seed) {
        LinkedHashSet<Integer> distinct = new LinkedHashSet<>();
        for (int row : rows) {
            distinct.add(row);
        }
        List<Integer> shuffled = new ArrayList<>(distinct);
        Collections.shuffle(shuffled, new Random(seed));
        return toInts(shuffled.subList(0, Math.min(count, shuffled.size())));
    }

    private static int[] toInts(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
