package dev.racnn.attack;

import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The attacked classifier as an attack sees it: every query is counted for its example, every point that the classifier
 * decides on is tested against the criterion (and the budget, if the attack has one), and the best adversarial point of each
 * example is remembered. A line-search point counts like any other (Foolbox 2d468cb6, {@code Adversarial}).
 *
 * <p>Points are floating-point [n, 3, H, W], rounded to float32 before any use; {@code rows} says which example of the batch each of them belongs to, and may
 * repeat.
 */
public final class ScoredModel {
    private final Classifier target;
    private final @Nullable GradientPath path;
    private final AttackBatch batch;
    private final Criterion criterion;
    private final Attack attack;
    private final Scoreboard[] scoreboards;
    private final long[] forwardQueries;
    private final long[] gradientQueries;
    private final long[] zeroGradients;

    ScoredModel(Classifier target, @Nullable GradientPath path, AttackBatch batch, Criterion criterion, Attack attack) {
        this.target = target;
        this.path = path;
        this.batch = batch;
        this.criterion = criterion;
        this.attack = attack;
        this.scoreboards =
                IntStream.range(0, batch.size()).mapToObj(_ -> new Scoreboard()).toArray(Scoreboard[]::new);
        this.forwardQueries = new long[batch.size()];
        this.gradientQueries = new long[batch.size()];
        this.zeroGradients = new long[batch.size()];
    }

    /**
     * Asks the attacked classifier. One forward query for each point.
     *
     * @throws IllegalStateException if a logit is NaN
     */
    public Decisions decide(Tensor points, int... rows) {
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor images = points.to(ScalarType.Float);
            Tensor logits = target.logits(images).to(ScalarType.Float);
            scope.escape(logits);
            return score(images, logits, rows);
        }
    }

    /**
     * Asks the gradient path. One gradient query for each point; nothing is decided, nothing scored. A gradient with a
     * component that is no finite number is counted as zero and is zero: its example fails alone.
     *
     * @param labels int64 [n]
     */
    public LossGradient gradient(Tensor points, int[] rows, Tensor labels, Loss loss) {
        return gradients(points, rows, List.of(labels), loss).getFirst();
    }

    /**
     * Asks the gradient path for several labels at the same points, which saves forward passes. One gradient query for
     * each point and label; nothing is decided, nothing scored.
     *
     * @param labels at least one int64 [n]
     */
    public List<LossGradient> gradients(Tensor points, int[] rows, List<Tensor> labels, Loss loss) {
        return path().gradients(points.to(ScalarType.Float), labels, loss).stream()
                .map(result -> counted(result, rows))
                .toList();
    }

    /**
     * Asks for decisions and gradients at the same points: one forward and one gradient query for each. Where the gradient
     * path goes through the attacked classifier itself, one forward pass serves both.
     *
     * @param labels int64 [n]
     * @throws IllegalStateException if a logit is NaN
     */
    public Evaluated evaluate(Tensor points, int[] rows, Tensor labels, Loss loss) {
        LossGradient gradient = gradient(points, rows, labels, loss);
        Decisions decisions = path().answersFor(target) ? score(points, gradient.logits(), rows) : decide(points, rows);
        return new Evaluated(decisions, gradient);
    }

    /** Whether an adversarial point of this example has been found. */
    public boolean succeeded(int row) {
        return scoreboards[row].best() != null;
    }

    /** The distance of the best point found for this example, by the attack's objective; infinity if there is none. */
    public double bestDistance(int row) {
        return scoreboards[row].bestDistance();
    }

    /**
     * The best points found.
     *
     * @param rows examples that {@link #succeeded}
     * @return float32 [n, 3, H, W]
     * @throws IllegalStateException if there is none for one of the rows
     */
    public Tensor best(int... rows) {
        return Examples.tensor(
                batch.imageSize(), IntStream.of(rows).mapToObj(this::bestPoint).toArray(float[][]::new));
    }

    /** The rows among these for which no adversarial point has been found yet. */
    public int[] unsolved(int... rows) {
        return IntStream.of(rows).filter(row -> !succeeded(row)).toArray();
    }

    /** Forgets the points found for these examples, for attacks that begin with a helper attack which must not count. */
    public void forget(int... rows) {
        for (int row : rows) {
            scoreboards[row].clear();
        }
    }

    Scoreboard scoreboard(int row) {
        return scoreboards[row];
    }

    long forwardQueries(int row) {
        return forwardQueries[row];
    }

    long gradientQueries(int row) {
        return gradientQueries[row];
    }

    long zeroGradients(int row) {
        return zeroGradients[row];
    }

    private float[] bestPoint(int row) {
        Scoreboard.Entry best = scoreboards[row].best();
        if (best == null) {
            throw new IllegalStateException("no adversarial point has been found for example " + batch.index(row)
                    + " yet; ask succeeded(row) first");
        }
        return best.point();
    }

    private GradientPath path() {
        if (path == null) {
            throw new IllegalStateException(
                    "attack '" + attack.name() + "' asked for gradients although it says it needs none");
        }
        return path;
    }

    private LossGradient counted(LossGradient result, int[] rows) {
        float[] sizes = result.sizes();
        boolean[] dead = result.dead(sizes, batch.bounds().range());
        for (int i = 0; i < rows.length; i++) {
            gradientQueries[rows[i]]++;
            zeroGradients[rows[i]] += dead[i] ? 1 : 0;
        }
        return result.finite(sizes);
    }

    private Decisions score(Tensor points, Tensor logits, int[] rows) {
        float[][] answers = Logits.checked(logits, batch.classes(), i -> batch.index(rows[i]), rows.length);
        boolean[] adversarial = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            forwardQueries[rows[i]]++;
            adversarial[i] = criterion.isAdversarial(answers[i], batch.label(rows[i]), batch.index(rows[i]));
        }
        int[] hits = IntStream.range(0, rows.length).filter(i -> adversarial[i]).toArray();
        float[][] pixels = pixels(points, hits);
        for (int i = 0; i < hits.length; i++) {
            adversarial[hits[i]] = record(rows[hits[i]], pixels[i]);
        }
        return new Decisions(logits, adversarial);
    }

    /** Puts a point that meets the criterion on record; false if it breaks the bounds or the budget. */
    private boolean record(int row, float[] point) {
        Bounds bounds = batch.bounds();
        if (!Confirmation.isAllowed(attack, bounds, batch.original(row), point)) {
            return false;
        }
        scoreboards[row].offer(point, attack.objective().between(batch.original(row), point, bounds));
        return true;
    }

    private static float[][] pixels(Tensor points, int[] hits) {
        if (hits.length == 0) {
            return new float[0][];
        }
        try (var _ = Scope.open()) {
            float[] all =
                    Tensors.toFloats(hits.length == points.size(0) ? points : points.index_select(0, Tensors.of(hits)));
            int length = all.length / hits.length;
            return IntStream.range(0, hits.length)
                    .mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length))
                    .toArray(float[][]::new);
        }
    }
}
