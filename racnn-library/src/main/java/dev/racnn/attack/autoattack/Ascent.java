package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Step;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One run of Auto-PGD: algorithm 1 of Croce and Hein (2020). Tensors hold a row for each open example, arrays an element for
 * each example of the batch.
 */
final class Ascent {
    /** Weight of a new step beside the momentum of the one before. */
    private static final double NEW_STEP = 0.75;

    private final ThreatModel budget;
    private final Apgd.Settings settings;
    private final Climb climb;
    private final AttackBatch batch;
    private final ScoredModel model;
    private final OpenRows open;
    private final OpenRows.Held points;
    private final OpenRows.Held previous;
    private final OpenRows.Held gradients;
    private final OpenRows.Held best;
    private final OpenRows.Held bestGradients;
    private final float[] steps;
    private final double[] loss;
    private final double[] bestLoss;
    private final double[] bestLossAtCheckpoint;
    private final boolean[] halvedAtCheckpoint;
    private final int[] growths;

    /** @param starts where to begin, one row for each open example */
    Ascent(Apgd attack, Climb climb, AttackBatch batch, ScoredModel model, OpenRows open, Tensor starts) {
        this.budget = attack.budget();
        this.settings = attack.settings();
        this.climb = climb;
        this.batch = batch;
        this.model = model;
        this.open = open;
        this.points = open.hold(starts);
        this.previous = open.hold(starts);
        this.gradients = open.hold(torch.zeros_like(starts));
        this.best = open.hold(starts);
        this.bestGradients = open.hold(torch.zeros_like(starts));
        this.steps = new float[batch.size()];
        this.loss = new double[batch.size()];
        this.bestLoss = new double[batch.size()];
        this.bestLossAtCheckpoint = new double[batch.size()];
        this.halvedAtCheckpoint = new boolean[batch.size()];
        this.growths = new int[batch.size()];
    }

    /** Climbs as one of several runs. */
    void run(int number, int runs) {
        Arrays.fill(steps, (float) (2 * budget.epsilon()));
        Arrays.fill(halvedAtCheckpoint, true);
        Arrays.fill(bestLoss, Double.NEGATIVE_INFINITY);
        model.at(new Step(number, runs, 0, settings.iterations() + 1));
        look();
        Arrays.fill(growths, 0);
        System.arraycopy(bestLoss, 0, bestLossAtCheckpoint, 0, bestLoss.length);
        Checkpoints checkpoints = new Checkpoints(settings.iterations());
        open.letGo();
        for (int iteration = 0; iteration < settings.iterations() && !open.isEmpty(); iteration++) {
            move(iteration == 0 ? 1 : NEW_STEP);
            model.at(new Step(number, runs, iteration + 1, settings.iterations() + 1));
            look();
            open.letGo();
            int interval = checkpoints.advance();
            if (interval > 0) {
                int[] stalled = stalled(interval);
                points.set(best.get(), stalled);
                gradients.set(bestGradients.get(), stalled);
            }
        }
        if (settings.passes() > 1 && !open.isEmpty()) {
            model.decide(best.get(), open.rows());
        }
    }

    /** The points with the largest losses so far, one row for each open example. */
    Tensor best() {
        return best.get();
    }

    /** The largest loss of an example. */
    double bestLoss(int row) {
        return bestLoss[row];
    }

    /** Evaluates the points, and keeps the best. */
    private void look() {
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            Evaluated evaluated = climb.evaluate(points.get(), rows, settings.passes());
            gradients.set(evaluated.gradient().gradient());
            double[] losses = Tensors.toDoubles(evaluated.gradient().losses());
            int[] better = IntStream.range(0, rows.length)
                    .filter(i -> losses[i] > bestLoss[rows[i]])
                    .toArray();
            for (int i = 0; i < rows.length; i++) {
                growths[rows[i]] += losses[i] > loss[rows[i]] ? 1 : 0;
                loss[rows[i]] = losses[i];
            }
            for (int i : better) {
                bestLoss[rows[i]] = losses[i];
            }
            best.set(points.get(), better);
            bestGradients.set(gradients.get(), better);
        }
    }

    /** One projected step with momentum (equation 3 of the paper). */
    private void move(double weight) {
        try (var _ = Scope.open()) {
            Tensor from = points.get();
            Tensor momentum = from.sub(previous.get());
            Tensor direction = budget.norm().steepestStep(gradients.get());
            float[] lengths = new float[open.count()];
            int[] rows = open.rows();
            for (int i = 0; i < rows.length; i++) {
                lengths[i] = steps[rows[i]];
            }
            Tensor step = direction.mul(Norm.perRow(Tensors.of(lengths, lengths.length), direction));
            Tensor plain = within(from.add(step));
            Tensor next = from.add(plain.sub(from).mul(new Scalar(weight))).add(momentum.mul(new Scalar(1 - weight)));
            Tensor reached = within(next);
            previous.set(from);
            points.set(reached);
        }
    }

    private Tensor within(Tensor moved) {
        return batch.clip(budget.norm().project(open.originals(), moved, budget.epsilon()));
    }

    /**
     * Halves the steps of the examples whose loss grew in too few iterations since the last checkpoint, or whose best loss and
     * step have both stayed as they were; returns their positions.
     */
    private int[] stalled(int interval) {
        int[] rows = open.rows();
        int[] stalled = IntStream.range(0, rows.length)
                .filter(i -> growths[rows[i]] <= settings.rho() * interval
                        || (!halvedAtCheckpoint[rows[i]] && bestLossAtCheckpoint[rows[i]] >= bestLoss[rows[i]]))
                .toArray();
        Arrays.fill(halvedAtCheckpoint, false);
        for (int i : stalled) {
            halvedAtCheckpoint[rows[i]] = true;
            steps[rows[i]] /= 2;
        }
        for (int row : rows) {
            bestLossAtCheckpoint[row] = bestLoss[row];
            growths[row] = 0;
        }
        return stalled;
    }
}
