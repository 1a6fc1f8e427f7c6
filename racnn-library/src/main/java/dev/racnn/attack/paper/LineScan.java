package dev.racnn.attack.paper;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A walk along one direction from each image, in evenly spaced steps, that ends at the first adversarial point. With
 * retrieval, success is not monotone in the step size: the steps are scanned upwards, never bisected.
 *
 * @param steps how many points lie between the image and the width of the bounds
 */
record LineScan(int steps) {
    /** Points that share a forward pass: several step sizes of all examples still on their way. */
    private static final int POINTS = 256;

    /**
     * Walks for all examples of the batch.
     *
     * @param directions float32 [batch.size(), 3, H, W]; a step is a multiple of it and of the width of the bounds
     */
    void run(AttackBatch batch, ScoredModel model, Tensor directions) {
        int[] open = batch.rows();
        int done = 0;
        while (open.length > 0 && done < steps) {
            int count = Math.min(Math.ceilDiv(POINTS, open.length), steps - done);
            open = advance(batch, model, directions, open, done, count);
            done += count;
            batch.progress(done, steps);
        }
    }

    /** Tries {@code count} further steps; returns the rows that are still without an adversarial point. */
    private int[] advance(AttackBatch batch, ScoredModel model, Tensor directions, int[] open, int done, int count) {
        int[] rows = new int[open.length * count];
        double[] sizes = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = open[i / count];
            sizes[i] = (done + i % count + 1) / (double) steps * batch.bounds().range();
        }
        try (var _ = Scope.open()) {
            Tensor perturbations = directions
                    .index_select(0, Tensors.of(rows))
                    .to(ScalarType.Double)
                    .mul(Tensors.of(sizes, rows.length, 1, 1, 1));
            Tensor points = batch.clip(batch.originals(rows).add(perturbations)).to(ScalarType.Float);
            boolean[] adversarial = model.decide(points, rows).adversarial();
            return IntStream.range(0, open.length)
                    .filter(i -> IntStream.range(i * count, (i + 1) * count).noneMatch(j -> adversarial[j]))
                    .map(i -> open[i])
                    .toArray();
        }
    }
}
