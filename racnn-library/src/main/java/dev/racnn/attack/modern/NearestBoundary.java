package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.LinearBoundaries;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The step of DeepFool: onto the nearest of the linearised boundaries towards some classes.
 *
 * @param norm L2 or LINF: what "nearest" means
 * @param rivals the classes
 */
record NearestBoundary(Norm norm, Rivals rivals) {
    /** Added to each distance, so that steps do not die out in front of the boundary. */
    private static final double PUSH = 1e-4;

    /** Keeps divisions by the length of a zero gradient finite. */
    private static final double TINY = 1e-8;

    /**
     * Steps onto the nearest boundaries, a little beyond.
     *
     * @param from float32 [n, 3, H, W]
     * @param logits of the attacked classifier there: how far each rival is behind is for it to say, whatever the gradients go through
     * @param rows the examples of the points
     * @return float32 [n, 3, H, W]
     */
    Tensor step(AttackBatch batch, ScoredModel model, Tensor from, Tensor logits, int... rows) {
        List<LogitsLoss> leads = IntStream.range(0, rivals.count())
                .mapToObj(rank -> Losses.lead(batch, rivals.ofRank(rank)))
                .toList();
        LinearBoundaries boundaries =
                LinearBoundaries.around(model, from, rows, leads, norm).judgedBy(logits);
        int[] chosen = new int[rows.length];
        double[] distances = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int point = i;
            IntToDoubleFunction gap = rival -> Math.abs(boundaries.gap(point, rival));
            chosen[i] = boundaries.nearest(i, gap, TINY);
            distances[i] = gap.applyAsDouble(boundaries.rival(chosen[i])) / (boundaries.length(chosen[i]) + TINY);
        }
        Tensor directions = norm.steepestStep(boundaries.normals(chosen));
        return directions.mul(Norm.perRow(
                Tensors.of(distances, rows.length).add(new Scalar(PUSH)).to(directions.scalar_type()), directions));
    }
}
