package dev.racnn.attack.paper;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Loss;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What an attacker climbs: the cross-entropy of the true class or, if the criterion names a target, the negative
 * cross-entropy of the target.
 *
 * @param labels int64 [n]
 * @param sign 1 or -1
 */
record Ascent(Tensor labels, double sign) {
    /** For the examples of these rows, which may repeat. */
    static Ascent of(AttackBatch batch, int[] rows) {
        boolean targeted = IntStream.of(rows).allMatch(row -> batch.target(row).isPresent());
        int[] labels = IntStream.of(rows)
                .map(row -> targeted ? batch.target(row).getAsInt() : batch.label(row))
                .toArray();
        return new Ascent(Tensors.of(labels), targeted ? -1 : 1);
    }

    /** Gradients at some points; nothing is scored. */
    Tensor gradient(ScoredModel model, Tensor points, int[] rows) {
        return model.gradient(points, rows, labels, Loss.CROSS_ENTROPY)
                .gradient()
                .mul(new Scalar(sign));
    }

    /** Gradients at some points, which are scored too. */
    Tensor scoredGradient(ScoredModel model, Tensor points, int[] rows) {
        Evaluated evaluated = model.evaluate(points, rows, labels, Loss.CROSS_ENTROPY);
        return evaluated.gradient().gradient().mul(new Scalar(sign));
    }
}
