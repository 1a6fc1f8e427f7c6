package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

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
     * How far the attacker is ahead: the K-th best other logit above that of the true class, where the criterion asks for K
     * classes ahead, or the target's above the best other one if the criterion names a target.
     */
    public static Objective margin(AttackBatch batch) {
        if (isTargeted(batch)) {
            return new Objective(lead(batch), target(batch));
        }
        int depth = batch.depth();
        return of(
                (logits, labels) -> nthOther(logits, labels.unsqueeze(1), depth).sub(logit(logits, labels)),
                batch::label);
    }

    /**
     * How far a wrong class is ahead, as the criterion counts it: its logit above that of the true class; where K classes have
     * to be ahead, the lowest of it and the K - 1 best others; the criterion's target, above the best logit but its own.
     * Beyond zero lies what the criterion calls a success.
     */
    public static Function<int[], Loss> lead(AttackBatch batch) {
        if (isTargeted(batch)) {
            return _ -> (logits, targets) -> logit(logits, targets).sub(nthOther(logits, targets.unsqueeze(1), 1));
        }
        int depth = batch.depth();
        return rows -> {
            Tensor labels = batch.labels(rows);
            return (logits, rivals) -> {
                Tensor lowest = logit(logits, rivals);
                if (depth > 1) {
                    Tensor both = torch.stack(new TensorVector(labels, rivals), 1);
                    lowest = lowest.minimum(nthOther(logits, both, depth - 1));
                }
                return lowest.sub(logit(logits, labels));
            };
        };
    }

    /**
     * The difference of logits ratio (Croce and Hein, 2020, equation 6): the margin over the spread between the largest and
     * the third largest logit, which makes it indifferent to the scale of the logits. Where the criterion asks for K classes
     * ahead, the spread reaches to logit K + 2. Aims at the criterion's target if there is one, see {@link
     * #targetedLogitsRatio}.
     *
     * @throws IllegalArgumentException if there are fewer than K + 2 classes
     */
    public static Objective logitsRatio(AttackBatch batch) {
        if (isTargeted(batch)) {
            return targetedLogitsRatio(batch, target(batch));
        }
        int last = batch.depth() + 2;
        checkClasses(batch, last);
        Loss margin = margin(batch).losses.apply(new int[0]);
        return of(
                (logits, labels) -> {
                    Tensor sorted = logits.topk(last, 1, true, true).get0();
                    Tensor spread = sorted.select(1, 0).sub(sorted.select(1, last - 1));
                    return margin.of(logits, labels).div(spread.add(new Scalar(TINY)));
                },
                batch::label);
    }

    /**
     * The targeted difference of logits ratio (Croce and Hein, 2020, equation 7): the {@link #lead} of the target over the
     * spread between the largest logit and the mean of the third and the fourth, K + 2 and K + 3 where K classes have to be
     * ahead.
     *
     * @param targets the class to aim at for each row
     * @throws IllegalArgumentException if there are fewer than K + 3 classes
     */
    public static Objective targetedLogitsRatio(AttackBatch batch, IntUnaryOperator targets) {
        int last = batch.depth() + 3;
        checkClasses(batch, last);
        Function<int[], Loss> lead = lead(batch);
        return new Objective(
                rows -> {
                    Loss gap = lead.apply(rows);
                    return (logits, aims) -> {
                        Tensor sorted = logits.topk(last, 1, true, true).get0();
                        Tensor rest = sorted.select(1, last - 2)
                                .add(sorted.select(1, last - 1))
                                .mul(new Scalar(0.5));
                        return gap.of(logits, aims)
                                .div(sorted.select(1, 0).sub(rest).add(new Scalar(TINY)));
                    };
                },
                targets);
    }

    /** The same loss for all examples. */
    public static Objective of(Loss loss, IntUnaryOperator classes) {
        return new Objective(_ -> loss, classes);
    }

    /** The logit of one class for each row. */
    private static Tensor logit(Tensor logits, Tensor classes) {
        return logits.gather(1, classes.unsqueeze(1)).squeeze(1);
    }

    /**
     * The n-th largest logit of the other classes.
     *
     * @param without int64 [rows, k], the classes to leave out
     */
    private static Tensor nthOther(Tensor logits, Tensor without, int n) {
        Tensor others = logits.scatter(1, without, new Scalar(Double.NEGATIVE_INFINITY));
        return others.topk(n, 1, true, true).get0().select(1, n - 1);
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
                    "the difference of logits ratio needs at least %s classes, but the model has %s; use the cross-entropy"
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
