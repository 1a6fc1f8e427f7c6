package dev.racnn.attack;

import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The runner's own look at what an attack found: bounds, ball, and criterion on a fresh forward pass. */
final class Confirmation {
    /** Slack for pixel values, relative to the width of the bounds. */
    private static final double ROUNDING = 1e-6;

    private final Classifier target;
    private final Criterion criterion;

    Confirmation(Classifier target, Criterion criterion) {
        this.target = target;
        this.criterion = criterion;
    }

    /** Whether a point lies within the bounds and within the attack's budget. */
    static boolean isAllowed(Attack attack, Bounds bounds, float[] original, float[] point) {
        if (firstOutside(bounds, point).isPresent()) {
            return false;
        }
        return attack.threatModel().isEmpty()
                || attack.threatModel()
                        .get()
                        .allows(attack.threatModel().get().norm().distance().between(original, point, bounds));
    }

    /** A pixel that lies outside the bounds by more than rounding to float32, or is NaN. */
    static OptionalDouble firstOutside(Bounds bounds, float[] image) {
        double slack = ROUNDING * bounds.range();
        for (float pixel : image) {
            // Written so that NaN is refused.
            if (!(pixel >= bounds.min() - slack && pixel <= bounds.max() + slack)) {
                return OptionalDouble.of(pixel);
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * Leaves on each scoreboard a point that is adversarial again, or none.
     *
     * @return how many points of each example had to be given up
     */
    int[] confirm(AttackBatch batch, ScoredModel model) {
        int[] dropped = new int[batch.size()];
        int[] open = IntStream.range(0, batch.size()).filter(model::succeeded).toArray();
        while (open.length > 0) {
            boolean[] holds = areAdversarial(batch, model, open);
            List<Integer> again = new ArrayList<>();
            for (int i = 0; i < open.length; i++) {
                if (!holds[i]) {
                    dropped[open[i]]++;
                    model.scoreboard(open[i]).dropBest();
                    if (model.succeeded(open[i])) {
                        again.add(open[i]);
                    }
                }
            }
            open = again.stream().mapToInt(Integer::intValue).toArray();
        }
        return dropped;
    }

    private boolean[] areAdversarial(AttackBatch batch, ScoredModel model, int[] rows) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            float[][] points = IntStream.of(rows)
                    .mapToObj(row ->
                            Objects.requireNonNull(model.scoreboard(row).best()).point())
                    .toArray(float[][]::new);
            Tensor logits = target.logits(Examples.tensor(batch.imageSize(), points));
            float[][] answers = Logits.checked(logits, batch.classes(), i -> batch.index(rows[i]), rows.length);
            boolean[] holds = new boolean[rows.length];
            for (int i = 0; i < rows.length; i++) {
                holds[i] = criterion.isAdversarial(answers[i], batch.label(rows[i]), batch.index(rows[i]));
            }
            return holds;
        }
    }
}
