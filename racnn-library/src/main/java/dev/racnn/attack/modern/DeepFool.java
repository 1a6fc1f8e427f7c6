package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * DeepFool (Moosavi-Dezfooli et al., 2016) as Foolbox 3.3.4 runs it: steps onto the nearest of the linearised decision
 * boundaries to a few likely classes, added up; the sum, enlarged by an overshoot and clipped to the bounds, is the next
 * point, until one is adversarial.
 *
 * @param norm L2 or LINF: what "nearest" means
 * @param settings the rest
 * @param start where it begins
 */
public record DeepFool(Norm norm, Settings settings, Start start) implements Attack {
    public DeepFool {
        norm.requireOneOf("deepfool", Norm.L2, Norm.LINF);
    }

    /** Begins at the image. */
    public DeepFool(Norm norm, Settings settings) {
        this(norm, settings, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param steps how many at most, at least 1
     * @param candidates how many classes may be gone to or come from: those with the largest clean logits, at least 2
     * @param overshoot by which share the perturbation is enlarged, not negative
     */
    public record Settings(int steps, int candidates, double overshoot) {
        /** 50 steps, 10 classes, 2 %. */
        public static final Settings MODERN = new Settings(50, 10, 0.02);

        public Settings {
            if (steps < 1 || candidates < 2 || !(overshoot >= 0)) {
                throw new IllegalArgumentException(
                        "steps must be at least 1, candidates at least 2, overshoot at least 0, but they are %s, %s and %s"
                                .formatted(steps, candidates, overshoot));
            }
        }
    }

    @Override
    public String name() {
        return "deepfool";
    }

    @Override
    public Distance distance() {
        return norm.distance();
    }

    /**
     * @throws IllegalArgumentException if the criterion names a target, which DeepFool cannot aim at
     */
    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        batch.requireUntargeted(name());
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held points = open.hold(start.first(batch, model, open.rows()));
            OpenRows.Held sums = open.hold(points.get().sub(open.originals()));
            NearestBoundary nearest = new NearestBoundary(norm, Rivals.of(batch, model, settings.candidates() - 1));
            for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
                model.at(new Step(0, 1, step, settings.steps()));
                step(batch, model, open, points, sums, nearest);
            }
            if (!open.isEmpty()) {
                model.decide(points.get(), open.rows());
            }
        }
    }

    /** Lets those go that are adversarial, and moves the points of the others. */
    private void step(
            AttackBatch batch,
            ScoredModel model,
            OpenRows open,
            OpenRows.Held points,
            OpenRows.Held sums,
            NearestBoundary nearest) {
        try (var _ = Scope.open()) {
            Tensor logits = model.decide(points.get(), open.rows()).logits();
            int[] staying = open.letGo();
            if (!open.isEmpty()) {
                Tensor ofStaying = logits.index_select(0, Tensors.of(staying));
                sums.set(sums.get().add(nearest.step(batch, model, points.get(), ofStaying, open.rows())));
                Tensor enlarged = sums.get().mul(new Scalar(1 + settings.overshoot()));
                points.set(batch.clip(open.originals().add(enlarged)));
            }
        }
    }
}
