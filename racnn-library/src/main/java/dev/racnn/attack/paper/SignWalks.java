package dev.racnn.attack.paper;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Walks along the signs of gradients, several from each image, whose nearest adversarial point is looked for.
 *
 * <p>What cannot change that point is not computed. A step moves a pixel by its size at most, so a walk ends when even steps
 * straight back would leave it further from the image than the best point. Where decisions take a pass of their own, none is
 * asked for about a point that lies further away than the best.
 */
final class SignWalks {
    /** Slack of distances for rounding to float32, so that a tie is never taken for a loss. */
    private static final double ROUNDING = 1e-4;

    private final AttackBatch batch;
    private final ScoredModel model;
    private final Climb climb;
    private int[] rows;
    private Tensor sizes;
    private Tensor points;
    private Tensor direction;

    /**
     * @param rows the example of each walk
     * @param sizes the step size of each walk, in units of the bounds
     * @param direction of the first step, of elements -1, 0 and 1, [rows.length, 3, H, W]
     */
    SignWalks(AttackBatch batch, ScoredModel model, Climb climb, int[] rows, float[] sizes, Tensor direction) {
        this.batch = batch;
        this.model = model;
        this.climb = climb;
        this.rows = rows;
        this.sizes = Tensors.of(sizes, rows.length, 1, 1, 1);
        this.points = batch.originals(rows);
        this.direction = direction;
    }

    /** Whether no walk is left. */
    boolean isEmpty() {
        return rows.length == 0;
    }

    /**
     * Takes the next step of every walk, and asks for the direction of the one after it.
     *
     * @param left how many steps follow
     */
    void step(int left) {
        try (var inner = Scope.open()) {
            Tensor moved = batch.clip(points.add(direction.mul(sizes)));
            Tensor away = moved.sub(batch.originals(rows)).abs();
            int[] near = nearerThanBest(away);
            int[] hopeful = left == 0 ? near : nearerThanBest(away.sub(sizes.mul(new Scalar((double) left))));
            boolean together = left > 0 && model.hasOwnGradients();
            if (!together && near.length > 0) {
                model.decide(moved.index_select(0, Tensors.of(near)), at(near));
            }
            if (hopeful.length == 0) {
                rows = hopeful;
                return;
            }
            Tensor kept = Tensors.of(hopeful);
            points = inner.escape(moved.index_select(0, kept));
            sizes = inner.escape(sizes.index_select(0, kept));
            rows = at(hopeful);
            if (left > 0) {
                Tensor gradient = together
                        ? climb.evaluate(points, rows).gradient().gradient()
                        : climb.gradient(points, rows).gradient();
                direction = inner.escape(gradient.sign());
            }
        }
    }

    /**
     * The walks for which points at these distances from the image could be the nearest adversarial ones.
     *
     * @param away of each pixel value, [rows.length, 3, H, W]; what is negative counts as 0
     */
    private int[] nearerThanBest(Tensor away) {
        Tensor shares = away.clamp_min(new Scalar(0.0))
                .to(ScalarType.Double)
                .div(new Scalar(batch.bounds().range()));
        double[] distances =
                Tensors.toDoubles(shares.square().flatten(1, -1).mean(new long[] {1}, false, new ScalarTypeOptional()));
        return IntStream.range(0, rows.length)
                .filter(i -> distances[i] * (1 - ROUNDING) < model.horizon(rows[i]))
                .toArray();
    }

    private int[] at(int... positions) {
        return IntStream.of(positions).map(i -> rows[i]).toArray();
    }
}
