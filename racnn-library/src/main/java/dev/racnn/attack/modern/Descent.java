package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.FreeSpace;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One descent of {@link CarliniWagner}: Adam from the images, with a constant for each example. Images are hyperbolic tangents
 * of free variables, so that every point is within the bounds. An example leaves where its loss has stopped coming down.
 */
final class Descent implements AutoCloseable {
    private static final double DECAY_1 = 0.9;
    private static final double DECAY_2 = 0.999;
    private static final double TINY = 1e-8;

    private final AttackBatch batch;
    private final ScoredModel model;
    private final CarliniWagner.Settings settings;
    private final Climb climb;
    private final MarginPenalty penalty;
    private final boolean[] found;
    private final Plateau plateau;
    private final OpenRows open;
    private final OpenRows.Held variables;
    private final OpenRows.Held images;
    private final OpenRows.Held first;
    private final OpenRows.Held second;

    /** @param constants weight of the margin for each example of the batch */
    Descent(CarliniWagner attack, AttackBatch batch, ScoredModel model, double[] constants) {
        this.batch = batch;
        this.model = model;
        this.settings = attack.settings();
        this.climb = new Climb(attack.objective(), batch, model);
        this.penalty = new MarginPenalty(batch, settings.confidence(), constants);
        this.found = new boolean[constants.length];
        this.plateau = new Plateau(constants.length, settings.steps());
        this.open = OpenRows.all(batch, model);
        try (var _ = Scope.open()) {
            Tensor free = space().variables(open.originals());
            this.variables = open.hold(space().variables(attack.start().first(batch, model, open.rows())));
            // What the free variables stand for is not quite the image, and it is that from which distances count.
            this.images = open.hold(space().points(free));
            this.first = open.hold(torch.zeros_like(free));
            this.second = open.hold(torch.zeros_like(free));
        }
    }

    /** Descends; returns which examples met an adversarial point. */
    boolean[] run(int search) {
        for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
            model.at(new Step(search, settings.searches(), step, settings.steps()));
            plateau.leave(open, step, step(step));
        }
        return found;
    }

    /** One step of Adam; returns the losses before it. */
    private double[] step(int step) {
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            Tensor points = space().points(variables.get());
            Evaluated evaluated = climb.evaluate(points, rows);
            for (int i = 0; i < rows.length; i++) {
                found[rows[i]] |= evaluated.decisions().adversarial()[i];
            }
            MarginPenalty.Value value = penalty.at(evaluated, points.sub(images.get()), rows);
            adam(value.slope().mul(space().slope(variables.get())), step);
            return Tensors.toDoubles(value.losses());
        }
    }

    private void adam(Tensor gradient, int step) {
        Tensor m = first.get().mul(new Scalar(DECAY_1)).add(gradient.mul(new Scalar(1 - DECAY_1)));
        Tensor v = second.get().mul(new Scalar(DECAY_2)).add(gradient.square().mul(new Scalar(1 - DECAY_2)));
        first.set(m);
        second.set(v);
        Tensor numerator = m.mul(new Scalar(settings.rate() / (1 - Math.pow(DECAY_1, step + 1))));
        Tensor denominator =
                v.mul(new Scalar(1 / (1 - Math.pow(DECAY_2, step + 1)))).sqrt().add(new Scalar(TINY));
        variables.set(variables.get().sub(numerator.div(denominator)));
    }

    private FreeSpace space() {
        return FreeSpace.within(batch.bounds());
    }

    @Override
    public void close() {
        open.close();
    }
}
