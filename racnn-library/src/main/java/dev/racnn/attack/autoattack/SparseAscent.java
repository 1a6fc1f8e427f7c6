package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.SparseBall;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One run of Auto-PGD in L1 (Croce and Hein, 2021, algorithm 1), in a ball that shrinks from three times the radius to the radius. A step
 * moves the pixels with the largest gradients, two thirds as many as the best point has changed; its length falls, or begins anew, as the
 * best point becomes sparser or not.
 */
final class SparseAscent {
    /** Radii over the budget's, and which part of the steps each has. */
    private static final double[] RADII = {3, 2, 1};

    private static final double[] SHARES = {0.3, 0.3, 0.4};

    /** A part of all steps, between two looks at how sparse the best point is. */
    private static final double INTERVAL = 0.04;

    private static final double FIRST_SHARE = 0.2;
    private static final double SPARSER = 0.95;
    private static final double SHRINKING = 1.5;
    private static final double SMALLEST_STEP = 0.1;
    private static final double TINY = 1e-10;

    private final Apgd attack;
    private final Climb climb;
    private final AttackBatch batch;
    private final ScoredModel model;
    private final OpenRows open;
    private final OpenRows.Held points;
    private final OpenRows.Held gradients;
    private final OpenRows.Held best;
    private final OpenRows.Held bestGradients;
    private final double[] bestLoss;
    private final float[] lengths;
    private final float[] shares;
    private final double[] sparsity;

    /** @param starts where to begin, one row for each open example */
    SparseAscent(Apgd attack, Climb climb, AttackBatch batch, ScoredModel model, OpenRows open, Tensor starts) {
        this.attack = attack;
        this.climb = climb;
        this.batch = batch;
        this.model = model;
        this.open = open;
        this.points = open.hold(starts);
        this.gradients = open.hold(torch.zeros_like(starts));
        this.best = open.hold(starts);
        this.bestGradients = open.hold(torch.zeros_like(starts));
        this.bestLoss = new double[batch.size()];
        this.lengths = new float[batch.size()];
        this.shares = new float[batch.size()];
        this.sparsity = new double[batch.size()];
    }

    /** Climbs as one of several runs. */
    void run(int number, int runs) {
        int all = attack.settings().iterations();
        int done = 0;
        for (int phase = 0; phase < RADII.length && !open.isEmpty(); phase++) {
            boolean last = phase == RADII.length - 1;
            int steps = last ? all - done : Math.min(all - done, (int) Math.ceil(SHARES[phase] * all));
            climb(RADII[phase] * attack.budget().epsilon(), steps, new Step(number, runs, done, all + 1), phase == 0);
            done += steps;
        }
        if (attack.settings().passes() > 1 && !open.isEmpty()) {
            model.decide(best.get(), open.rows());
        }
    }

    private void climb(double radius, int steps, Step at, boolean first) {
        try (var _ = Scope.open()) {
            points.set(within(points.get(), radius));
        }
        Arrays.fill(bestLoss, Double.NEGATIVE_INFINITY);
        Arrays.fill(lengths, (float) radius);
        begin(first);
        look(at);
        int interval = Math.max(1, (int) (INTERVAL * steps));
        for (int step = 1; step <= steps && !open.isEmpty(); step++) {
            move(radius);
            look(new Step(at.run(), at.runs(), at.number() + step, at.of()));
            if (step % interval == 0) {
                adapt(radius);
            }
        }
        points.set(best.get());
    }

    private void begin(boolean first) {
        double[] changed = changed(points.get());
        int[] rows = open.rows();
        int n = batch.imageSize().bytes();
        for (int i = 0; i < rows.length; i++) {
            sparsity[rows[i]] = first ? n : changed[i];
            shares[rows[i]] = (float) (first ? FIRST_SHARE : changed[i] / n / SHRINKING);
        }
    }

    /** Evaluates the points, keeps the best, and lets finished examples go. */
    private void look(Step at) {
        model.at(at);
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            Evaluated evaluated =
                    climb.evaluate(points.get(), rows, attack.settings().passes());
            gradients.set(evaluated.gradient().gradient());
            double[] losses = Tensors.toDoubles(evaluated.gradient().losses());
            int[] better = IntStream.range(0, rows.length)
                    .filter(i -> losses[i] > bestLoss[rows[i]])
                    .toArray();
            for (int i : better) {
                bestLoss[rows[i]] = losses[i];
            }
            best.set(points.get(), better);
            bestGradients.set(gradients.get(), better);
        }
        open.letGo();
    }

    private void move(double radius) {
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            Tensor gradient = gradients.get().flatten(1, -1);
            int n = Math.toIntExact(gradient.size(1));
            long[] smallest = new long[rows.length];
            float[] own = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                smallest[i] = Math.clamp((long) ((1 - shares[rows[i]]) * n), 0, n - 1);
                own[i] = lengths[rows[i]];
            }
            Tensor sorted = gradient.abs().sort(1, false).get0();
            Tensor threshold = sorted.gather(1, Tensors.of(smallest, rows.length, 1));
            Tensor signs = gradient.sign().mul(gradient.abs().ge(threshold));
            Tensor counts = signs.abs().sum(1).add(new Scalar(TINY));
            Tensor scales = Tensors.of(own, own.length).div(counts);
            Tensor step = signs.mul(scales.unsqueeze(1)).view_as(points.get());
            points.set(within(points.get().add(step), radius));
        }
    }

    /** Takes examples whose best point has become sparser back to it, and shortens the steps of the others. */
    private void adapt(double radius) {
        int[] rows = open.rows();
        double[] changed = changed(best.get());
        int n = batch.imageSize().bytes();
        int[] sparser = IntStream.range(0, rows.length)
                .filter(i -> changed[i] < SPARSER * sparsity[rows[i]])
                .toArray();
        for (int i = 0; i < rows.length; i++) {
            boolean is = changed[i] < SPARSER * sparsity[rows[i]];
            lengths[rows[i]] = (float) (is ? radius : Math.max(lengths[rows[i]] / SHRINKING, SMALLEST_STEP * radius));
            sparsity[rows[i]] = changed[i];
            shares[rows[i]] = (float) (changed[i] / n / SHRINKING);
        }
        points.set(best.get(), sparser);
        gradients.set(bestGradients.get(), sparser);
    }

    private double[] changed(Tensor of) {
        try (var _ = Scope.open()) {
            return Tensors.toDoubles(Norm.L0.lengths(of.sub(open.originals())));
        }
    }

    private Tensor within(Tensor moved, double radius) {
        return batch.clip(SparseBall.project(batch.bounds(), open.originals(), moved, radius));
    }
}
