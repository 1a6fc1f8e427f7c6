package dev.racnn.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** An objective on the examples of one batch, asked about points. */
public final class Climb {
    private final Objective objective;
    private final ScoredModel model;
    private final List<Loss> losses;

    /** An objective that is about the true classes, or the targets of the criterion. */
    public Climb(Objective objective, AttackBatch batch, ScoredModel model) {
        this(objective, batch, model, batch::aim);
    }

    /** @param aims the class that each row is to be moved towards */
    public Climb(Objective objective, AttackBatch batch, ScoredModel model, IntUnaryOperator aims) {
        this.objective = objective;
        this.model = model;
        this.losses = objective.losses(batch, aims);
    }

    /** Losses and gradients at some points, of which nothing is decided. */
    public LossGradient gradient(Tensor points, int... rows) {
        return objective.combined(model.gradients(points, rows, losses));
    }

    /** Decisions, losses and gradients at some points; see {@link ScoredModel#evaluate}. */
    public Evaluated evaluate(Tensor points, int... rows) {
        ScoredModel.Answers answers = model.evaluate(points, rows, losses);
        return new Evaluated(answers.decisions(), objective.combined(answers.gradients()));
    }

    /**
     * Decisions, and losses and gradients averaged over several passes, for classifiers that answer at random.
     *
     * @param passes how many, at least 1; decisions are those of the first
     */
    public Evaluated evaluate(Tensor points, int[] rows, int passes) {
        Evaluated first = evaluate(points, rows);
        List<LossGradient> all = new ArrayList<>(List.of(first.gradient()));
        for (int pass = 1; pass < passes; pass++) {
            all.add(gradient(points, rows));
        }
        return new Evaluated(first.decisions(), LossGradient.mean(all));
    }
}
