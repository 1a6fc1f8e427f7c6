package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Decides whether a point counts against an example in a suite: it lies within the ball and, if the classifier answers at
 * random, is adversarial in most of several fresh passes. One lucky pass is not enough.
 *
 * @param runner whose classifier and criterion decide
 * @param budget the ball
 * @param passes how many passes vote, 0 to take the attack's word
 */
record Jury(AttackRunner runner, ThreatModel budget, int passes) {
    /** The outcome as it is, or a failed one if its point does not count. */
    Outcome judge(Outcome outcome, ImageSize size) {
        float[] point = outcome.adversarial();
        if (!outcome.success() || point == null) {
            return outcome;
        }
        boolean inside = budget.allows(outcome.distance(budget.norm().distance()));
        return inside && (passes == 0 || isMostlyAdversarial(outcome, point, size)) ? outcome : outcome.failed();
    }

    private boolean isMostlyAdversarial(Outcome outcome, float[] point, ImageSize size) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            float[][] copies = new float[passes][];
            Arrays.fill(copies, point);
            int[] labels = new int[passes];
            Arrays.fill(labels, outcome.label());
            int[] indices = new int[passes];
            Arrays.fill(indices, outcome.index());
            Tensor logits = runner.target().logits(new Examples(size, copies, labels, indices).tensor());
            float[] answers = Tensors.toFloats(logits);
            int classes = runner.target().classes();
            long hits = IntStream.range(0, passes)
                    .filter(i -> runner.criterion()
                            .isAdversarial(
                                    Arrays.copyOfRange(answers, i * classes, (i + 1) * classes),
                                    outcome.label(),
                                    outcome.index()))
                    .count();
            return 2 * hits > passes;
        }
    }
}
