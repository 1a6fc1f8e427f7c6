package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Decisions;
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
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The fast minimum-norm attack (Pintor et al., 2021): normalised steps up the margin within a ball whose radius is estimated
 * from the linearised boundary until an adversarial point is found, and afterwards shrinks and grows by ever smaller factors.
 *
 * <p>In L0 the radius is a whole number, begins at 2 and grows or shrinks by at least 1. As in the paper, the L2 projection limits the perturbation to the radius; that of Foolbox 3.3.4 leaves points where they
 * are, and ends farther away.
 *
 * @param norm of the perturbation
 * @param settings the rest
 * @param objective what it climbs: zero at the boundary, and positive beyond
 * @param start where it begins
 */
public record Fmn(Norm norm, Settings settings, Objective objective, Start start) implements Attack {
    /** What the step length and gamma fall to, the former relative to its first value. */
    private static final double LAST_STEP = 0.01;

    private static final double LAST_GAMMA = 0.001;

    /** Keeps the estimate of the distance finite where the gradient is zero. */
    private static final double TINY = 1e-12;

    /** Climbs the margin from the image. */
    public Fmn(Norm norm, Settings settings) {
        this(norm, settings, Objectives.MARGIN, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param step Euclidean length of the first one, positive
     * @param gamma by which share the radius changes at first, in (0, 1)
     */
    public record Settings(int steps, double step, double gamma) {
        /** 100 steps, the first of length 1, gamma 0.05. */
        public static final Settings MODERN = new Settings(100, 1, 0.05);

        public Settings {
            if (steps < 1 || !(step > 0) || !(gamma > 0 && gamma < 1)) {
                throw new IllegalArgumentException(
                        "steps of fmn must be at least 1, step positive and gamma within (0, 1), but they are %s, %s and %s"
                                .formatted(steps, step, gamma));
            }
        }
    }

    @Override
    public String name() {
        return "fmn";
    }

    @Override
    public Distance distance() {
        return norm.distance();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int[] rows = batch.rows();
        Climb climb = new Climb(objective, batch, model);
        double[] radii = new double[rows.length];
        Arrays.fill(radii, norm == Norm.L0 ? 2 : Double.POSITIVE_INFINITY);
        try (var _ = Scope.open()) {
            Tensor originals = batch.originals(rows);
            Tensor points = start.first(batch, model, rows).clone();
            for (int step = 0; step < settings.steps(); step++) {
                model.at(new Step(0, 1, step, settings.steps()));
                try (var _ = Scope.open()) {
                    Evaluated evaluated = climb.evaluate(points, rows);
                    Tensor gradient = evaluated.gradient().gradient();
                    if (norm == Norm.L0) {
                        count(
                                radii,
                                model,
                                evaluated.decisions(),
                                step,
                                batch.imageSize().bytes());
                    } else {
                        adapt(radii, model, evaluated, norm.lengths(points.sub(originals)), step);
                    }
                    double length =
                            Cosine.between(settings.step(), settings.step() * LAST_STEP, step, settings.steps());
                    Tensor moved = points.add(Norm.L2.steepestStep(gradient).mul(new Scalar(length)));
                    Tensor limits = Tensors.of(radii, radii.length).to(ScalarType.Float);
                    points.copy_(batch.clip(norm.project(originals, moved, limits)));
                }
            }
            model.decide(points, rows);
        }
    }

    /** Sets the radii for the next step. */
    private void adapt(double[] radii, ScoredModel model, Evaluated evaluated, Tensor lengths, int step) {
        double[] margins = Tensors.toDoubles(evaluated.gradient().losses());
        double[] slopes =
                Tensors.toDoubles(norm.dual().lengths(evaluated.gradient().gradient()));
        double[] current = Tensors.toDoubles(lengths);
        double gamma = Cosine.between(settings.gamma(), LAST_GAMMA, step, settings.steps());
        for (int row = 0; row < radii.length; row++) {
            if (evaluated.decisions().adversarial()[row]) {
                radii[row] = Math.min(radii[row] * (1 - gamma), model.bestDistance(row));
            } else if (model.succeeded(row)) {
                radii[row] *= 1 + gamma;
            } else {
                radii[row] = current[row] + Math.abs(margins[row]) / (slopes[row] + TINY);
            }
        }
    }

    /** Sets the numbers of values that may differ in the next step. */
    private void count(double[] radii, ScoredModel model, Decisions decisions, int step, int most) {
        double gamma = Cosine.between(settings.gamma(), LAST_GAMMA, step, settings.steps());
        for (int row = 0; row < radii.length; row++) {
            double shrunk = Math.min(radii[row] - 1, Math.floor(radii[row] * (1 - gamma)));
            double grown = Math.max(radii[row] + 1, Math.floor(radii[row] * (1 + gamma)));
            radii[row] = Math.clamp(
                    decisions.adversarial()[row] ? Math.min(shrunk, model.bestDistance(row)) : grown, 0, most);
        }
    }
}
