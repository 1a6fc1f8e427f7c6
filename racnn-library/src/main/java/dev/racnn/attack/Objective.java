package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What a gradient attack maximises for each example of a batch: a loss and the class it is about.
 *
 * @param losses the loss for the examples of some rows; it may know more about them than the one class
 * @param classes the class of a row, the true one or the one aimed at
 */
public record Objective(Function<int[], Loss> losses, IntUnaryOperator classes) {
    /** Keeps divisions by the spread of equal logits finite. */
    private static final double TINY = 1e-12;

    /**
     * Cross-entropy of the true class or, if the criterion names a target, the negative cross-entropy of the target.
     */
    public static Objective crossEntropy(AttackBatch batch) {
        return isTargeted(batch)
                ? of((logits, classes) -> Loss.CROSS_ENTROPY.of(logits, classes).neg(), target(batch))
                : of(Loss.CROSS_ENTROPY, batch::label);
    }

    /**
     * How far the best other logit, or that of the target if the criterion names one, is above the logit of the true class.
     */
    public static Objective margin(AttackBatch batch) {
        return isTargeted(batch)
                ? of((logits, targets) -> margins(logits, targets).neg(), target(batch))
                : of(Objective::margins, batch::label);
    }

    /**
     * The difference of logits ratio (Croce and Hein, 2020, equation 6): the margin over the spread between the largest and
     * the third largest logit, which makes it indifferent to the scale of the logits. Aims at the criterion's target if there
     * is one, see {@link #targetedLogitsRatio}.
     *
     * @throws IllegalArgumentException if there are fewer than 3 classes
     */
    public static Objective logitsRatio(AttackBatch batch) {
        if (isTargeted(batch)) {
            return targetedLogitsRatio(batch, target(batch));
        }
        checkClasses(batch, 3);
        return of(
                (logits, labels) -> {
                    Tensor sorted = logits.topk(3, 1, true, true).get0();
                    Tensor spread = sorted.select(1, 0).sub(sorted.select(1, 2));
                    return margins(logits, labels).div(spread.add(new Scalar(TINY)));
                },
                batch::label);
    }

    /**
     * The targeted difference of logits ratio (Croce and Hein, 2020, equation 7): how far the logit of the target is above
     * that of the true class, over the spread between the largest logit and the mean of the third and the fourth.
     *
     * @param targets the class to aim at for each row
     * @throws IllegalArgumentException if there are fewer than 4 classes
     */
    public static Objective targetedLogitsRatio(AttackBatch batch, IntUnaryOperator targets) {
        checkClasses(batch, 4);
        return new Objective(
                rows -> {
                    Tensor truth = batch.labels(rows).unsqueeze(1);
                    return (logits, aims) -> {
                        Tensor sorted = logits.topk(4, 1, true, true).get0();
                        Tensor rest =
                                sorted.select(1, 2).add(sorted.select(1, 3)).mul(new Scalar(0.5));
                        Tensor gap = logits.gather(1, aims.unsqueeze(1))
                                .sub(logits.gather(1, truth))
                                .squeeze(1);
                        return gap.div(sorted.select(1, 0).sub(rest).add(new Scalar(TINY)));
                    };
                },
                targets);
    }

    /** The same loss for all examples. */
    public static Objective of(Loss loss, IntUnaryOperator classes) {
        return new Objective(_ -> loss, classes);
    }

    /** How far the best logit but that of the given class is above the logit of the given class. */
    private static Tensor margins(Tensor logits, Tensor classes) {
        Tensor column = classes.unsqueeze(1);
        Tensor others = logits.scatter(1, column, new Scalar(Double.NEGATIVE_INFINITY));
        return others.amax(new long[] {1}, false).sub(logits.gather(1, column).squeeze(1));
    }

    private static boolean isTargeted(AttackBatch batch) {
        return batch.target(0).isPresent();
    }

    private static IntUnaryOperator target(AttackBatch batch) {
        return row -> batch.target(row).orElseThrow();
    }

    private static void checkClasses(AttackBatch batch, int least) {
        if (batch.classes() < least) {
            throw new IllegalArgumentException(
                    "the difference of logits ratio needs at least %d classes, but the model has %d; use the cross-entropy"
                            .formatted(least, batch.classes()));
        }
    }

    /** Values of the loss, from logits [n, classes] of the examples of these rows: float32 [n]. */
    public Tensor of(Tensor logits, int... rows) {
        return losses.apply(rows).of(logits, labels(rows));
    }

    /** Gradients at some points, of which nothing is decided; see {@link ScoredModel#gradient}. */
    public Tensor gradient(ScoredModel model, Tensor points, int... rows) {
        return model.gradient(points, rows, labels(rows), losses.apply(rows)).gradient();
    }

    /** Decisions and gradients at some points; see {@link ScoredModel#evaluate}. */
    public Evaluated evaluate(ScoredModel model, Tensor points, int... rows) {
        return model.evaluate(points, rows, labels(rows), losses.apply(rows));
    }

    /**
     * Decisions, and losses and gradients averaged over several passes, for classifiers that answer at random (expectation
     * over transformation, Athalye et al., 2018).
     *
     * @param passes how many, at least 1; decisions and logits are those of the first
     */
    public Evaluated evaluate(ScoredModel model, Tensor points, int[] rows, int passes) {
        Evaluated first = evaluate(model, points, rows);
        if (passes == 1) {
            return first;
        }
        Tensor losses = first.gradient().losses().clone();
        Tensor gradient = first.gradient().gradient().clone();
        for (int pass = 1; pass < passes; pass++) {
            LossGradient more = model.gradient(points, rows, labels(rows), this.losses.apply(rows));
            losses.add_(more.losses());
            gradient.add_(more.gradient());
        }
        Scalar count = new Scalar((double) passes);
        return new Evaluated(
                first.decisions(),
                new LossGradient(first.gradient().logits(), losses.div_(count), gradient.div_(count)));
    }

    private Tensor labels(int... rows) {
        return Tensors.of(IntStream.of(rows).map(classes).toArray());
    }
}
