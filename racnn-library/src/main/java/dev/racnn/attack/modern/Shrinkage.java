package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One descent of {@link Ead}: accelerated iterative shrinkage and thresholding (FISTA) with a constant for each example. An example leaves
 * where its loss has stopped coming down.
 */
final class Shrinkage implements AutoCloseable {
    private final AttackBatch batch;
    private final ScoredModel model;
    private final Ead.Settings settings;
    private final Climb climb;
    private final MarginPenalty penalty;
    private final boolean[] found;
    private final Plateau plateau;
    private final OpenRows open;
    private final OpenRows.Held points;
    private final OpenRows.Held ahead;

    /** @param constants weight of the margin for each example of the batch */
    Shrinkage(Ead attack, AttackBatch batch, ScoredModel model, double[] constants) {
        this.batch = batch;
        this.model = model;
        this.settings = attack.settings();
        this.climb = new Climb(attack.objective(), batch, model);
        this.penalty = new MarginPenalty(batch, settings.confidence(), constants);
        this.found = new boolean[constants.length];
        this.plateau = new Plateau(constants.length, settings.steps());
        this.open = OpenRows.all(batch, model);
        try (var _ = Scope.open()) {
            Tensor starts = attack.start().first(batch, model, open.rows());
            this.points = open.hold(starts);
            this.ahead = open.hold(starts);
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

    /** One step; returns the losses before it, the shrinkage times the length in L1 included. */
    private double[] step(int step) {
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            Tensor at = ahead.get();
            Evaluated evaluated = climb.evaluate(at, rows);
            note(evaluated.decisions(), rows);
            Tensor perturbations = at.sub(open.originals());
            MarginPenalty.Value value = penalty.at(evaluated, perturbations, rows);
            Tensor losses = value.losses().add(Norm.L1.lengths(perturbations).mul(new Scalar(settings.shrinkage())));
            double rate = settings.rate() * Math.sqrt(1 - (double) step / settings.steps());
            Tensor next = shrunk(at.sub(value.slope().mul(new Scalar(rate))));
            note(model.decide(next, rows), rows);
            Tensor momentum = next.sub(points.get()).mul(new Scalar(step / (step + 3.0)));
            ahead.set(batch.clip(next.add(momentum)));
            points.set(next);
            return Tensors.toDoubles(losses);
        }
    }

    private void note(Decisions decisions, int... rows) {
        for (int i = 0; i < rows.length; i++) {
            found[rows[i]] |= decisions.adversarial()[i];
        }
    }

    /** Points with small changes undone and larger ones made smaller, within the bounds. */
    private Tensor shrunk(Tensor moved) {
        Tensor perturbations = moved.sub(open.originals());
        Tensor sizes = perturbations.abs().sub(new Scalar(settings.shrinkage()));
        Tensor kept = perturbations.sign().mul(sizes.clamp_min(new Scalar(0.0)));
        return torch.where(
                sizes.gt(new Scalar(0.0)), batch.clip(open.originals().add(kept)), open.originals());
    }

    @Override
    public void close() {
        open.close();
    }
}
