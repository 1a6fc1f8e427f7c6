package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Projected steps along gradients of the margin that are estimated from logits: by simultaneous perturbation with random signs (SPSA;
 * Spall, 1992; Uesato et al., 2018), or by natural evolution strategies with normal draws (NES; Ilyas et al., 2018). Both look at pairs of
 * points on either side. Needs no gradients, so what it finds where gradient attacks fail shows hidden ones.
 *
 * @param kind how it draws
 * @param budget the ball
 * @param settings the rest
 * @param start where it begins
 */
public record Estimated(Kind kind, ThreatModel budget, Settings settings, Start start) implements BudgetedAttack {
    /** Points that share a forward pass. */
    private static final int POINTS = 256;

    /** How directions are drawn. */
    public enum Kind {
        /** Random signs. */
        SPSA {
            @Override
            float draw(RandomGenerator random) {
                return random.nextBoolean() ? 1 : -1;
            }
        },
        /** Normal numbers. */
        NES {
            @Override
            float draw(RandomGenerator random) {
                return (float) random.nextGaussian();
            }
        };

        abstract float draw(RandomGenerator random);

        /**
         * Estimates the gradient of a loss of an example at a point: the mean over pairs of points, on either side of it, of the
         * difference of their losses times the direction between them.
         *
         * @param loss of the logits
         * @param radius how far from the point they are in each pixel
         */
        public float[] estimate(
                AttackBatch batch,
                ScoredModel model,
                LogitsLoss loss,
                float[] point,
                int row,
                int pairs,
                double radius) {
            RandomGenerator random = batch.random(row);
            float[] estimate = new float[point.length];
            for (int from = 0; from < pairs; from += POINTS / 2) {
                int count = Math.min(POINTS / 2, pairs - from);
                float[][] directions = new float[count][point.length];
                float[][] points = new float[2 * count][];
                for (int i = 0; i < count; i++) {
                    for (int j = 0; j < point.length; j++) {
                        directions[i][j] = draw(random);
                    }
                    points[i] = moved(batch, point, directions[i], radius);
                    points[count + i] = moved(batch, point, directions[i], -radius);
                }
                try (var _ = Scope.open()) {
                    int[] rows =
                            IntStream.generate(() -> row).limit(points.length).toArray();
                    float[] losses = Tensors.toFloats(loss.of(model.logits(batch.tensor(points), rows), rows));
                    for (int i = 0; i < count; i++) {
                        float difference = losses[i] - losses[count + i];
                        for (int j = 0; j < estimate.length && Float.isFinite(difference); j++) {
                            estimate[j] += difference * directions[i][j] / pairs;
                        }
                    }
                }
            }
            return estimate;
        }

        private static float[] moved(AttackBatch batch, float[] point, float[] direction, double length) {
            float[] moved = new float[point.length];
            for (int i = 0; i < moved.length; i++) {
                moved[i] = batch.bounds().clip(point[i] + length * direction[i]);
            }
            return moved;
        }
    }

    public Estimated {
        budget.norm().requireOneOf(nameOf(kind), Norm.L2, Norm.LINF);
    }

    /** Begins at the image. */
    public Estimated(Kind kind, ThreatModel budget, Settings settings) {
        this(kind, budget, settings, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param pairs of points that each estimate takes, at least 1
     * @param radius how far from the point they are in each pixel, positive
     * @param relativeStep length of a step over the radius of the ball, positive
     * @param momentum share of earlier estimates that is kept from step to step, in [0, 1)
     */
    public record Settings(int steps, int pairs, double radius, double relativeStep, double momentum) {
        /** 50 steps of a tenth of the radius, 32 pairs at 0.01, momentum 0.9. */
        public static final Settings STANDARD = new Settings(50, 32, 0.01, 0.1, 0.9);

        public Settings {
            if (steps < 1 || pairs < 1 || !(radius > 0) || !(relativeStep > 0) || !(momentum >= 0 && momentum < 1)) {
                throw new IllegalArgumentException(
                        "steps and pairs must be at least 1, radius and relativeStep positive and momentum within [0, 1), but they are %s, %s, %s, %s and %s"
                                .formatted(steps, pairs, radius, relativeStep, momentum));
            }
        }
    }

    @Override
    public String name() {
        return nameOf(kind);
    }

    private static String nameOf(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        LogitsLoss margin = Losses.margin(batch);
        Norm norm = budget.norm();
        Scalar length = new Scalar(settings.relativeStep() * budget.epsilon());
        float[][] sums = new float[batch.size()][batch.imageSize().bytes()];
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held points =
                    open.hold(budget.within(batch, open.originals(), start.first(batch, model, open.rows())));
            for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
                try (var _ = Scope.open()) {
                    int[] rows = open.rows();
                    float[][] at = batch.pixels(points.get());
                    for (int i = 0; i < rows.length; i++) {
                        add(
                                sums[rows[i]],
                                kind.estimate(
                                        batch, model, margin, at[i], rows[i], settings.pairs(), settings.radius()));
                    }
                    Tensor gradient = batch.tensor(
                            IntStream.of(rows).mapToObj(row -> sums[row]).toArray(float[][]::new));
                    Tensor moved = points.get().add(norm.steepestStep(gradient), length);
                    points.set(batch.clip(norm.project(open.originals(), moved, budget.epsilon())));
                    model.decide(points.get(), rows);
                }
                open.letGo();
                batch.progress(step + 1L, settings.steps());
            }
        }
    }

    private void add(float[] sum, float[] estimate) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (settings.momentum() * sum[i] + (1 - settings.momentum()) * estimate[i]);
        }
    }
}
