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
import java.util.stream.IntStream;

/**
 * The attack of Brendel et al. (2019), which begins at an adversarial point far away and walks along the decision boundary towards the
 * image: each step is the best one within a trust region on the boundary's linear approximation, see {@link TrustRegion}, whose normal is
 * averaged over steps (Foolbox 3.3.4, {@code BrendelBethgeAttack}).
 *
 * <p>The radius of the regions counts the values of an image, not those of the batch as there. Examples without an adversarial start fail.
 *
 * @param norm L1, L2 or LINF
 * @param settings the rest
 * @param objective whose zero is the boundary, positive beyond
 * @param start where it begins, with whatever of it is adversarial
 */
public record BrendelBethge(Norm norm, Settings settings, Objective objective, Start start) implements Attack {
    public BrendelBethge {
        norm.requireOneOf("brendel-bethge", Norm.L1, Norm.L2, Norm.LINF);
    }

    /** Walks along the zeros of the margin, from noise. */
    public BrendelBethge(Norm norm, Settings settings) {
        this(norm, settings, Objectives.MARGIN, Blend.NOISE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param radius Euclidean, of the first trust region, over the number of values and the range of the pixels, positive
     * @param decay what the radius is multiplied with, in (0, 1]
     * @param decays how often, at least 1
     * @param momentum share of earlier normals that is kept from step to step, in [0, 1)
     * @param overshoot how far a step goes, from 1 for onto the boundary to below 2: what lies before it goes a little beyond, what lies
     *     beyond does not go back all the way
     * @param halvings of the line between start and image, at least 1
     */
    public record Settings(
            int steps, double radius, double decay, int decays, double momentum, double overshoot, int halvings) {
        /** 1,000 steps, radius 0.001, halved 20 times, momentum 0.8, overshoot 1.1, 10 halvings. */
        public static final Settings MODERN = new Settings(1000, 1e-3, 0.5, 20, 0.8, 1.1, 10);

        public Settings {
            if (steps < 1 || decays < 1 || halvings < 1 || !(radius > 0) || !(decay > 0 && decay <= 1)) {
                throw new IllegalArgumentException(
                        "steps, decays and halvings of brendel-bethge must be at least 1, radius positive and decay within (0, 1], but they are %s, %s, %s, %s and %s"
                                .formatted(steps, decays, halvings, radius, decay));
            }
            if (!(momentum >= 0 && momentum < 1) || !(overshoot >= 1 && overshoot < 2)) {
                throw new IllegalArgumentException(
                        "momentum of brendel-bethge must be within [0, 1) and overshoot within [1, 2), but they are %s and %s"
                                .formatted(momentum, overshoot));
            }
        }

        /** The radius in a step, counted from 0. */
        double radius(int step) {
            int passed = (step + 1) / Math.max(1, steps / decays);
            return radius * Math.pow(decay, passed);
        }

        /** What the objective is to change by. */
        double change(double objective) {
            return objective < 0 ? -overshoot * objective : -(2 - overshoot) * objective;
        }
    }

    @Override
    public String name() {
        return "brendel-bethge";
    }

    @Override
    public Distance distance() {
        return norm.distance();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        float[][] started = Starts.bisected(start, settings.halvings()).adversarial(batch, model);
        int[] rows = Arrays.stream(batch.rows()).filter(model::succeeded).toArray();
        if (rows.length == 0) {
            return;
        }
        Climb climb = new Climb(objective, batch, model);
        TrustRegion region = new TrustRegion(norm, batch.bounds());
        float[][] points = IntStream.of(rows).mapToObj(row -> started[row]).toArray(float[][]::new);
        float[][] normals = new float[rows.length][];
        double size = batch.imageSize().bytes() * batch.bounds().range();
        for (int step = 0; step < settings.steps(); step++) {
            model.at(new Step(0, 1, step, settings.steps()));
            try (var _ = Scope.open()) {
                Evaluated evaluated = climb.evaluate(batch.tensor(points), rows);
                double[] objectives = Tensors.toDoubles(evaluated.gradient().losses());
                float[][] gradients = batch.pixels(evaluated.gradient().gradient());
                double radius = settings.radius(step) * size;
                IntStream.range(0, rows.length).parallel().forEach(i -> {
                    normals[i] = normals[i] == null
                            ? gradients[i]
                            : Segment.point(gradients[i], normals[i], settings.momentum());
                    double[] move = region.step(
                            batch.original(rows[i]), points[i], normals[i], settings.change(objectives[i]), radius);
                    points[i] = Segment.along(batch.bounds(), points[i], move, 1);
                });
            }
        }
        try (var _ = Scope.open()) {
            model.decide(batch.tensor(points), rows);
        }
    }
}
