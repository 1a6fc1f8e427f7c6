package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The losses of the literature, about the examples of one batch. The larger they are, the better for the attacker. */
public final class Losses {
    /** Keeps divisions by the spread of equal logits finite. */
    private static final double TINY = 1e-12;

    private Losses() {}

    /**
     * Cross-entropy between the softmax of logits and classes.
     *
     * @param logits float32 [n, classes]
     * @param classes int64 [n]
     * @return float32 [n]
     */
    public static Tensor crossEntropy(Tensor logits, Tensor classes) {
        return logit(torch.log_softmax(logits, 1), classes).neg();
    }

    /**
     * Cross-entropy of the true class or, if the criterion names a target, the negative cross-entropy of the target.
     */
    public static LogitsLoss crossEntropy(AttackBatch batch) {
        return isTargeted(batch)
                ? (logits, rows) -> crossEntropy(logits, targets(batch, rows)).neg()
                : (logits, rows) -> crossEntropy(logits, batch.labels(rows));
    }

    /**
     * How far the attacker is ahead: the K-th best other logit above that of the true class, where the criterion asks for K
     * classes ahead, or the target's above the best other one if the criterion names a target.
     */
    public static LogitsLoss margin(AttackBatch batch) {
        if (isTargeted(batch)) {
            return lead(batch, row -> batch.target(row).orElseThrow());
        }
        int depth = batch.depth();
        return (logits, rows) -> {
            Tensor labels = batch.labels(rows);
            return nthOther(logits, labels.unsqueeze(1), depth).sub(logit(logits, labels));
        };
    }

    /**
     * How far a wrong class is ahead of the true one, whatever the criterion asks for.
     *
     * @param rivals the wrong class for each row
     */
    public static LogitsLoss ahead(AttackBatch batch, IntUnaryOperator rivals) {
        return (logits, rows) -> logit(logits, classes(rivals, rows)).sub(logit(logits, batch.labels(rows)));
    }

    /**
     * How far a wrong class is ahead, as the criterion counts it: its logit above that of the true class; where K classes have
     * to be ahead, the lowest of it and the K - 1 best others; the criterion's target, above the best logit but its own.
     * Beyond zero lies what the criterion calls a success.
     *
     * @param rivals the wrong class for each row
     */
    public static LogitsLoss lead(AttackBatch batch, IntUnaryOperator rivals) {
        if (isTargeted(batch)) {
            return (logits, rows) -> {
                Tensor aims = classes(rivals, rows);
                return logit(logits, aims).sub(nthOther(logits, aims.unsqueeze(1), 1));
            };
        }
        int depth = batch.depth();
        return (logits, rows) -> {
            Tensor ahead = ahead(batch, rivals).of(logits, rows);
            if (depth == 1) {
                return ahead;
            }
            Tensor labels = batch.labels(rows);
            Tensor both = torch.stack(new TensorVector(labels, classes(rivals, rows)), 1);
            return ahead.minimum(nthOther(logits, both, depth - 1).sub(logit(logits, labels)));
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
    public static LogitsLoss logitsRatio(AttackBatch batch) {
        if (isTargeted(batch)) {
            return targetedLogitsRatio(batch, row -> batch.target(row).orElseThrow());
        }
        int last = batch.depth() + 2;
        checkClasses(batch, last);
        LogitsLoss margin = margin(batch);
        return (logits, rows) -> {
            Tensor sorted = logits.topk(last, 1, true, true).get0();
            Tensor spread = sorted.select(1, 0).sub(sorted.select(1, last - 1));
            return margin.of(logits, rows).div(spread.add(new Scalar(TINY)));
        };
    }

    /**
     * The targeted difference of logits ratio (Croce and Hein, 2020, equation 7): the {@link #lead} of the target over the
     * spread between the largest logit and the mean of the third and the fourth, K + 2 and K + 3 where K classes have to be
     * ahead.
     *
     * @param targets the class to aim at for each row
     * @throws IllegalArgumentException if there are fewer than K + 3 classes
     */
    public static LogitsLoss targetedLogitsRatio(AttackBatch batch, IntUnaryOperator targets) {
        int last = batch.depth() + 3;
        checkClasses(batch, last);
        LogitsLoss lead = lead(batch, targets);
        return (logits, rows) -> {
            Tensor sorted = logits.topk(last, 1, true, true).get0();
            Tensor rest =
                    sorted.select(1, last - 2).add(sorted.select(1, last - 1)).mul(new Scalar(0.5));
            return lead.of(logits, rows).div(sorted.select(1, 0).sub(rest).add(new Scalar(TINY)));
        };
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

    private static Tensor targets(AttackBatch batch, int... rows) {
        return classes(row -> batch.target(row).orElseThrow(), rows);
    }

    private static Tensor classes(IntUnaryOperator ofRow, int... rows) {
        return Tensors.of(IntStream.of(rows).map(ofRow).toArray());
    }

    private static void checkClasses(AttackBatch batch, int least) {
        if (batch.classes() < least) {
            throw new IllegalArgumentException(
                    "the difference of logits ratio needs at least %s classes, but the model has %s; use the cross-entropy"
                            .formatted(least, batch.classes()));
        }
    }
}
