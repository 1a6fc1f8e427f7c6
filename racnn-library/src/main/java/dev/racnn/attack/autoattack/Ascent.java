package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One run of Auto-PGD: algorithm 1 of Croce and Hein (2020). Tensors hold a row for each example of the batch, arrays an
 * element; only those of the examples still open are kept up to date.
 */
final class Ascent {
    /** Weight of a new step beside the momentum of the one before. */
    private static final double NEW_STEP = 0.75;

    /** How often a hit on a classifier that answers at random has to be repeated. */
    private static final int CHECKS = 2;

    private final ThreatModel budget;
    private final Apgd.Settings settings;
    private final Objective objective;
    private final AttackBatch batch;
    private final ScoredModel model;
    private final Tensor originals;
    private final float[] steps;
    private final double[] loss;
    private final double[] bestLoss;
    private final double[] bestLossAtCheckpoint;
    private final boolean[] halvedAtCheckpoint;
    private final int[] growths;

    Ascent(ThreatModel budget, Apgd.Settings settings, Objective objective, AttackBatch batch, ScoredModel model) {
        this.budget = budget;
        this.settings = settings;
        this.objective = objective;
        this.batch = batch;
        this.model = model;
        this.originals = batch.originals(batch.rows());
        this.steps = new float[batch.size()];
        this.loss = new double[batch.size()];
        this.bestLoss = new double[batch.size()];
        this.bestLossAtCheckpoint = new double[batch.size()];
        this.halvedAtCheckpoint = new boolean[batch.size()];
        this.growths = new int[batch.size()];
    }

    /**
     * Climbs from the given points.
     *
     * @param points where to begin, one row for each example of the batch; changed
     * @param progress hears how many iterations are done
     * @param rows the examples to attack
     */
    void run(Tensor points, IntConsumer progress, int... rows) {
        Tensor previous = points.clone();
        Tensor best = points.clone();
        Tensor gradients = torch.zeros_like(points);
        Tensor bestGradients = torch.zeros_like(points);
        Arrays.fill(steps, (float) (2 * budget.epsilon()));
        Arrays.fill(halvedAtCheckpoint, true);
        Arrays.fill(bestLoss, Double.NEGATIVE_INFINITY);
        look(points, gradients, best, bestGradients, rows);
        Arrays.fill(growths, 0);
        System.arraycopy(bestLoss, 0, bestLossAtCheckpoint, 0, bestLoss.length);
        Checkpoints checkpoints = new Checkpoints(settings.iterations());
        int[] open = unsolved(points, rows);
        for (int iteration = 0; iteration < settings.iterations() && open.length > 0; iteration++) {
            try (var _ = Scope.open()) {
                move(points, previous, gradients, iteration == 0 ? 1 : NEW_STEP, open);
                look(points, gradients, best, bestGradients, open);
                open = unsolved(points, open);
                int interval = checkpoints.advance();
                int[] stalled = interval == 0 ? new int[0] : stalled(interval, open);
                if (stalled.length > 0) {
                    Tensor index = Tensors.of(stalled);
                    points.index_copy_(0, index, best.index_select(0, index));
                    gradients.index_copy_(0, index, bestGradients.index_select(0, index));
                }
            }
            progress.accept(iteration + 1);
        }
        if (isRandom() && open.length > 0) {
            model.decide(best.index_select(0, Tensors.of(open)), open);
        }
    }

    private boolean isRandom() {
        return settings.passes() > 1;
    }

    /**
     * The rows still to be attacked. Where the classifier answers at random, a hit has to be repeated, or it is forgotten and
     * the attack goes on: a point that only seems adversarial would end it, and be refused afterwards.
     */
    private int[] unsolved(Tensor points, int... rows) {
        int[] hits = IntStream.of(rows).filter(model::succeeded).toArray();
        for (int check = 0; check < CHECKS && isRandom() && hits.length > 0; check++) {
            boolean[] holds =
                    model.decide(points.index_select(0, Tensors.of(hits)), hits).adversarial();
            int[] asked = hits;
            IntStream.range(0, asked.length).filter(i -> !holds[i]).forEach(i -> model.forget(asked[i]));
            hits = IntStream.of(hits).filter(model::succeeded).toArray();
        }
        return model.unsolved(rows);
    }

    /** Evaluates the points, and keeps the best. */
    private void look(Tensor points, Tensor gradients, Tensor best, Tensor bestGradients, int... open) {
        Tensor index = Tensors.of(open);
        Tensor at = points.index_select(0, index);
        Evaluated evaluated = objective.evaluate(model, at, open, settings.passes());
        Tensor gradient = evaluated.gradient().gradient();
        gradients.index_copy_(0, index, gradient);
        double[] losses = Tensors.toDoubles(evaluated.gradient().losses());
        List<Integer> better = new ArrayList<>();
        for (int i = 0; i < open.length; i++) {
            int row = open[i];
            if (losses[i] > loss[row]) {
                growths[row]++;
            }
            loss[row] = losses[i];
            if (losses[i] > bestLoss[row]) {
                bestLoss[row] = losses[i];
                better.add(i);
            }
        }
        if (!better.isEmpty()) {
            Tensor positions =
                    Tensors.of(better.stream().mapToInt(Integer::intValue).toArray());
            Tensor target = index.index_select(0, positions);
            best.index_copy_(0, target, at.index_select(0, positions));
            bestGradients.index_copy_(0, target, gradient.index_select(0, positions));
        }
    }

    /** One projected step with momentum (equation 3 of the paper). */
    private void move(Tensor points, Tensor previous, Tensor gradients, double weight, int... open) {
        Tensor index = Tensors.of(open);
        Tensor from = points.index_select(0, index);
        Tensor momentum = from.sub(previous.index_select(0, index));
        Tensor centres = originals.index_select(0, index);
        Tensor direction = budget.norm().steepestStep(gradients.index_select(0, index));
        Tensor lengths = Tensors.of(steps, steps.length).index_select(0, index);
        Tensor plain = within(centres, from.add(direction.mul(Norm.perRow(lengths, direction))));
        Tensor next = from.add(plain.sub(from).mul(new Scalar(weight))).add(momentum.mul(new Scalar(1 - weight)));
        previous.index_copy_(0, index, from);
        points.index_copy_(0, index, within(centres, next));
    }

    private Tensor within(Tensor centres, Tensor points) {
        return batch.clip(budget.norm().project(centres, points, budget.epsilon()));
    }

    /**
     * Halves the steps of the examples whose loss grew in too few iterations since the last checkpoint, or whose best loss and
     * step have both stayed as they were; returns these examples.
     */
    private int[] stalled(int interval, int... open) {
        int[] rows = Arrays.stream(open)
                .filter(row -> growths[row] <= settings.rho() * interval
                        || (!halvedAtCheckpoint[row] && bestLossAtCheckpoint[row] >= bestLoss[row]))
                .toArray();
        Arrays.fill(halvedAtCheckpoint, false);
        for (int row : rows) {
            halvedAtCheckpoint[row] = true;
            steps[row] /= 2;
        }
        for (int row : open) {
            bestLossAtCheckpoint[row] = bestLoss[row];
            growths[row] = 0;
        }
        return rows;
    }
}
