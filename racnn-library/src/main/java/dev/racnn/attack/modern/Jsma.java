package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Loss;
import dev.racnn.attack.LossGradient;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The Jacobian-based saliency map attack (JSMA; Papernot et al., 2016), which moves two values of an image at a time, by theta each: the
 * pair with the largest product of the growth of the target's logit and the fall of the sum of all others, see {@link SaliencyPair}.
 *
 * <p>Values go up or down, as the first move of each says (Foolbox 1.8, {@code SaliencyMapAttack}; in the paper and the Adversarial
 * Robustness Toolbox all go the way of theta's sign), and are left alone at the bounds. Without a target, it aims at the likeliest
 * wrong classes one after the other, and whatever wrong class the model says is a success.
 *
 * @param settings how far and how often
 * @param start where it begins
 */
public record Jsma(Settings settings, Start start) implements Attack {
    /** Begins at the image. */
    public Jsma(Settings settings) {
        this(settings, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param theta by how much a value is moved at a time, over the range of the pixels, in (0, 1]
     * @param gamma share of the values that may differ, in (0, 1]
     * @param targets how many classes are aimed at, at least 1
     */
    public record Settings(double theta, double gamma, int targets) {
        /** Values go to the bounds at once, a tenth of them at most, towards 9 classes. */
        public static final Settings MODERN = new Settings(1, 0.1, 9);

        public Settings {
            if (!(theta > 0 && theta <= 1) || !(gamma > 0 && gamma <= 1) || targets < 1) {
                throw new IllegalArgumentException(
                        "theta and gamma of jsma must be within (0, 1] and targets at least 1, but they are %s, %s and %s"
                                .formatted(theta, gamma, targets));
            }
        }

        /** After so many all values that may be moved are at a bound. */
        int steps(int values) {
            return (int) Math.ceil(gamma * values * Math.ceil(1 / theta) / 2);
        }
    }

    @Override
    public String name() {
        return "jsma";
    }

    @Override
    public Distance distance() {
        return Distance.L0;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Rivals rivals = Rivals.of(batch, model, settings.targets());
        for (int rank = 0; rank < rivals.count(); rank++) {
            search(batch, model, rivals.ofRank(rank), rank, rivals.count());
        }
    }

    private void search(AttackBatch batch, ScoredModel model, IntUnaryOperator targets, int run, int runs) {
        float[][] points = begin(batch, model);
        int[][] directions = new int[batch.size()][batch.imageSize().bytes()];
        int steps = settings.steps(batch.imageSize().bytes());
        int[] open = open(batch, model, points, batch.rows());
        for (int step = 0; step < steps && open.length > 0; step++) {
            model.at(new Step(run, runs, step, steps));
            try (var _ = Scope.open()) {
                List<LossGradient> slopes = model.gradients(points(batch, points, open), open, losses(targets));
                float[][] ofTarget = batch.pixels(slopes.getFirst().gradient());
                float[][] ofOthers = batch.pixels(slopes.getLast().gradient());
                List<Integer> moved = new ArrayList<>();
                for (int i = 0; i < open.length; i++) {
                    int row = open[i];
                    Optional<SaliencyPair> pair =
                            SaliencyPair.best(moves(batch, points[row], directions[row], ofTarget[i], ofOthers[i]));
                    if (pair.isPresent()) {
                        move(batch, points[row], directions[row], pair.get().first());
                        move(batch, points[row], directions[row], pair.get().second());
                        moved.add(row);
                    }
                }
                int[] rows = moved.stream().mapToInt(Integer::intValue).toArray();
                if (rows.length > 0) {
                    model.decide(points(batch, points, rows), rows);
                }
                open = open(batch, model, points, rows);
            }
        }
    }

    /** Those of the rows that two more values may differ for, and that this can make nearer than what was found. */
    private int[] open(AttackBatch batch, ScoredModel model, float[][] points, int... rows) {
        return IntStream.of(rows)
                .filter(row -> {
                    double differing = distance().between(batch.original(row), points[row], batch.bounds());
                    return differing + 2 <= Math.min(settings.gamma() * points[row].length, model.horizon(row) - 1);
                })
                .toArray();
    }

    private float[][] begin(AttackBatch batch, ScoredModel model) {
        try (var _ = Scope.open()) {
            return batch.pixels(start.first(batch, model, batch.rows()));
        }
    }

    private static Tensor points(AttackBatch batch, float[][] points, int... rows) {
        return batch.tensor(IntStream.of(rows).mapToObj(row -> points[row]).toArray(float[][]::new));
    }

    /** The logit of the target, and the sum of all others. */
    private static List<Loss> losses(IntUnaryOperator targets) {
        return List.of(
                (at, rows) -> target(at.get(Signal.LOGITS), targets, rows),
                (at, rows) -> at.get(Signal.LOGITS).sum(1).sub(target(at.get(Signal.LOGITS), targets, rows)));
    }

    private static Tensor target(Tensor logits, IntUnaryOperator targets, int... rows) {
        Tensor classes = Tensors.of(IntStream.of(rows).map(targets).toArray());
        return logits.gather(1, classes.unsqueeze(1)).squeeze(1);
    }

    /** Where each value can still go. */
    private static List<SaliencyPair.Move> moves(
            AttackBatch batch, float[] point, int[] directions, float[] ofTarget, float[] ofOthers) {
        List<SaliencyPair.Move> moves = new ArrayList<>();
        for (int i = 0; i < point.length; i++) {
            if (directions[i] >= 0 && point[i] < batch.bounds().max()) {
                moves.add(new SaliencyPair.Move(i, true, ofTarget[i], -ofOthers[i]));
            }
            if (directions[i] <= 0 && point[i] > batch.bounds().min()) {
                moves.add(new SaliencyPair.Move(i, false, -ofTarget[i], ofOthers[i]));
            }
        }
        return moves;
    }

    private void move(AttackBatch batch, float[] point, int[] directions, SaliencyPair.Move move) {
        directions[move.value()] = move.up() ? 1 : -1;
        double length =
                directions[move.value()] * settings.theta() * batch.bounds().range();
        point[move.value()] = batch.bounds().clip(point[move.value()] + length);
    }
}
