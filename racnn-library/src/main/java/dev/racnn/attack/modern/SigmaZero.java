package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * sigma-zero (Cinà et al., 2025), which looks for points that differ in few values: Adam on the margin and a smooth count of the values that
 * differ, sum of d^2 / (d^2 + sigma), with changes below a threshold undone at each step. The threshold of an example rises while its
 * point is adversarial and falls while it is not.
 *
 * @param settings the rest
 * @param objective what it climbs: positive beyond the boundary
 * @param start where it begins
 */
public record SigmaZero(Settings settings, Objective objective, Start start) implements Attack {
    private static final double DECAY_1 = 0.9;
    private static final double DECAY_2 = 0.999;
    private static final double TINY = 1e-8;

    /** What the learning rate falls to, relative to its first value. */
    private static final double LAST_RATE = 0.1;

    /** By which part of the learning rate a threshold changes. */
    private static final double THRESHOLD_STEP = 0.01;

    /** Climbs the margin from the image. */
    public SigmaZero(Settings settings) {
        this(settings, Objectives.MARGIN, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param rate learning rate of the first step, positive
     * @param sigma how sharp the count is, positive
     * @param threshold the first one, as a share of the range of the pixels, in [0, 1]
     */
    public record Settings(int steps, double rate, double sigma, double threshold) {
        /** 1,000 steps from rate 1, sigma 0.001, threshold 0.3. */
        public static final Settings MODERN = new Settings(1000, 1, 1e-3, 0.3);

        public Settings {
            if (steps < 1 || !(rate > 0) || !(sigma > 0) || !(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException(
                        "steps of sigma-zero must be at least 1, rate and sigma positive and threshold within [0, 1], but they are %s, %s, %s and %s"
                                .formatted(steps, rate, sigma, threshold));
            }
        }
    }

    @Override
    public String name() {
        return "sigma-zero";
    }

    @Override
    public Distance distance() {
        return Distance.L0;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int[] rows = batch.rows();
        Climb climb = new Climb(objective, batch, model);
        double[] thresholds = new double[rows.length];
        Arrays.fill(thresholds, settings.threshold());
        try (var _ = Scope.open()) {
            Tensor originals = batch.originals(rows);
            Tensor points = start.first(batch, model, rows).clone();
            Tensor first = torch.zeros_like(points);
            Tensor second = torch.zeros_like(points);
            for (int step = 0; step < settings.steps(); step++) {
                model.at(new Step(0, 1, step, settings.steps()));
                try (var _ = Scope.open()) {
                    double rate = Cosine.between(settings.rate(), settings.rate() * LAST_RATE, step, settings.steps());
                    Evaluated evaluated = climb.evaluate(points, rows);
                    Tensor slope = slope(batch, evaluated, points.sub(originals));
                    Tensor move = adam(first, second, slope, step).mul(new Scalar(rate));
                    adapt(thresholds, evaluated.decisions().adversarial(), rate);
                    Tensor moved = batch.clip(points.sub(move)).sub(originals);
                    Tensor limits = Tensors.of(thresholds, thresholds.length)
                            .to(ScalarType.Float)
                            .mul(new Scalar(batch.bounds().range()));
                    Tensor kept = moved.abs().ge(Norm.perRow(limits, moved));
                    points.copy_(torch.where(kept, batch.clip(originals.add(moved)), originals));
                }
            }
            model.decide(points, rows);
        }
    }

    /** What goes down the count, and up the margin where it is not positive yet; its largest component has size 1. */
    private Tensor slope(AttackBatch batch, Evaluated evaluated, Tensor perturbations) {
        Scalar sigma = new Scalar(settings.sigma());
        Tensor sum = perturbations.square().add(sigma);
        Tensor count = perturbations
                .mul(new Scalar(2 * settings.sigma() / batch.imageSize().bytes()))
                .div(sum.square());
        Tensor wanted = evaluated.gradient().losses().le(new Scalar(0.0));
        Tensor slope = count.sub(evaluated.gradient().gradient().mul(Norm.perRow(wanted, perturbations)));
        return slope.div(Norm.perRow(Norm.LINF.lengths(slope).clamp_min(new Scalar(TINY)), slope));
    }

    private static Tensor adam(Tensor first, Tensor second, Tensor slope, int step) {
        first.mul_(new Scalar(DECAY_1)).add_(slope, new Scalar(1 - DECAY_1));
        second.mul_(new Scalar(DECAY_2)).addcmul_(slope, slope, new Scalar(1 - DECAY_2));
        Tensor numerator = first.div(new Scalar(1 - Math.pow(DECAY_1, step + 1)));
        Tensor denominator = second.div(new Scalar(1 - Math.pow(DECAY_2, step + 1)));
        return numerator.div(denominator.sqrt().add(new Scalar(TINY)));
    }

    private static void adapt(double[] thresholds, boolean[] adversarial, double rate) {
        for (int row = 0; row < thresholds.length; row++) {
            double change = adversarial[row] ? THRESHOLD_STEP * rate : -THRESHOLD_STEP * rate;
            thresholds[row] = Math.clamp(thresholds[row] + change, 0, 1);
        }
    }
}
