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
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Decoupled direction and norm (Rony et al., 2019), a fast search for points that are near in L2: normalised steps up the
 * cross-entropy, each followed by a rescaling of the perturbation to a radius that shrinks after an adversarial point and
 * grows after any other (Foolbox 3.3.4).
 *
 * @param settings lengths and numbers
 * @param objective what it climbs
 * @param start where it begins
 */
public record Ddn(Settings settings, Objective objective, Start start) implements Attack {
    /** Length of the first and of the last step; in between it falls like a cosine. */
    private static final double FIRST_STEP = 1;

    private static final double LAST_STEP = 0.01;

    /** Keeps the rescaling of a zero perturbation finite. */
    private static final double TINY = 1e-12;

    /** Climbs the cross-entropy from the image. */
    public Ddn(Settings settings) {
        this(settings, Objectives.CROSS_ENTROPY, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param radius the first one, positive, in the units of the pixels
     * @param gamma by which share the radius changes, in (0, 1)
     */
    public record Settings(int steps, double radius, double gamma) {
        /** 100 steps, radius 1, gamma 0.05. */
        public static final Settings MODERN = new Settings(100, 1, 0.05);

        public Settings {
            if (steps < 1 || !(radius > 0) || !(gamma > 0 && gamma < 1)) {
                throw new IllegalArgumentException(
                        "steps of ddn must be at least 1, radius positive and gamma within (0, 1), but they are %s, %s and %s"
                                .formatted(steps, radius, gamma));
            }
        }
    }

    @Override
    public String name() {
        return "ddn";
    }

    @Override
    public Distance distance() {
        return Distance.L2;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int[] rows = batch.rows();
        Climb climb = new Climb(objective, batch, model);
        double[] radii = new double[rows.length];
        Arrays.fill(radii, settings.radius());
        try (var _ = Scope.open()) {
            Tensor originals = batch.originals(rows);
            Tensor points = start.first(batch, model, rows).clone();
            double[] farthest = Tensors.toDoubles(farthest(batch, originals));
            for (int step = 0; step < settings.steps(); step++) {
                model.at(new Step(0, 1, step, settings.steps()));
                try (var _ = Scope.open()) {
                    Evaluated evaluated = climb.evaluate(points, rows);
                    boolean[] adversarial = evaluated.decisions().adversarial();
                    for (int row : rows) {
                        double factor = adversarial[row] ? 1 - settings.gamma() : 1 + settings.gamma();
                        radii[row] = Math.min(radii[row] * factor, farthest[row]);
                    }
                    Tensor direction = direction(batch, evaluated.gradient().gradient(), rows);
                    double length = Cosine.between(FIRST_STEP, LAST_STEP, step, settings.steps());
                    Tensor perturbations = points.sub(originals).add(direction.mul(new Scalar(length)));
                    Tensor scales = Tensors.of(radii, radii.length)
                            .div(Norm.L2.lengths(perturbations).clamp_min(new Scalar(TINY)))
                            .to(points.scalar_type());
                    Tensor scaled = perturbations.mul(Norm.perRow(scales, perturbations));
                    points.copy_(batch.clip(originals.add(scaled)));
                }
            }
            model.decide(points, rows);
        }
    }

    /** The steepest step; where the gradient is zero, one in a random direction, as standing still leads nowhere. */
    private static Tensor direction(AttackBatch batch, Tensor gradient, int... rows) {
        double[] lengths = Tensors.toDoubles(Norm.L2.lengths(gradient));
        int[] flat =
                IntStream.range(0, rows.length).filter(i -> lengths[i] == 0).toArray();
        if (flat.length > 0) {
            Tensor drawn = batch.tensor(IntStream.of(flat)
                    .mapToObj(i -> gaussian(batch.random(rows[i]), batch.original(rows[i]).length))
                    .toArray(float[][]::new));
            return Norm.L2.steepestStep(gradient.index_copy(0, Tensors.of(flat), drawn));
        }
        return Norm.L2.steepestStep(gradient);
    }

    private static float[] gaussian(RandomGenerator random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** How far the farthest point within the bounds is from each image. */
    private static Tensor farthest(AttackBatch batch, Tensor originals) {
        Tensor down = originals.sub(new Scalar(batch.bounds().min()));
        Tensor up = originals.neg().add(new Scalar(batch.bounds().max()));
        return Norm.L2.lengths(torch.max(down, up));
    }
}
