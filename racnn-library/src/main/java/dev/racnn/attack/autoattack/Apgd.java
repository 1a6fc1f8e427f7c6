package dev.racnn.attack.autoattack;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Auto-PGD (Croce and Hein, 2020): projected gradient ascent with momentum that halves the step of an example, and takes it
 * back to its best point, where the loss has stopped growing. Needs no step size of its user.
 *
 * <p>Examples leave as soon as an adversarial point is found; where losses are averaged over several passes, once the point
 * has held in further decisions, so that one lucky pass ends nothing.
 *
 * @param variant which loss is climbed
 * @param budget the ball, in L2 or LINF
 * @param settings the rest
 */
public record Apgd(Variant variant, ThreatModel budget, Settings settings) implements Attack {
    /** The losses. */
    public enum Variant {
        /** Cross-entropy of the true class. */
        CE,
        /** Difference of logits ratio. */
        DLR,
        /** Targeted difference of logits ratio, one likely wrong class after the other. */
        TARGETED_DLR
    }

    public Apgd {
        if (budget.norm() == Norm.L1) {
            throw new IllegalArgumentException("norm of apgd must be L2 or LINF, but is " + budget.norm());
        }
    }

    /**
     * Settings.
     *
     * @param iterations steps of each run, at least 1
     * @param restarts runs from different random points, for each target where there are targets, at least 1
     * @param rho the share of growing steps between two checkpoints at or below which the step is halved, in [0, 1]
     * @param targets how many wrong classes the targeted variant tries, the likeliest first, at least 1; the others try none
     * @param passes passes whose losses and gradients are averaged, for classifiers that answer at random, at least 1
     */
    public record Settings(int iterations, int restarts, double rho, int targets, int passes) {
        /** 100 iterations, 1 restart, rho 0.75, 9 targets, 1 pass. */
        public static final Settings STANDARD = new Settings(100, 1, 0.75, 9, 1);

        public Settings {
            if (iterations < 1 || restarts < 1 || targets < 1 || passes < 1 || !(rho >= 0 && rho <= 1)) {
                throw new IllegalArgumentException(
                        "iterations, restarts, targets and passes of apgd must be at least 1 and rho within [0, 1], but are %s, %s, %s, %s and %s"
                                .formatted(iterations, restarts, targets, passes, rho));
            }
        }

        /** The same with other restarts. */
        public Settings withRestarts(int count) {
            return new Settings(iterations, count, rho, targets, passes);
        }

        /** The same averaging over passes. */
        public Settings withPasses(int count) {
            return new Settings(iterations, restarts, rho, targets, count);
        }
    }

    @Override
    public String name() {
        return switch (variant) {
            case CE -> "apgd-ce";
            case DLR -> "apgd-dlr";
            case TARGETED_DLR -> "apgd-t";
        };
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public Distance objective() {
        return budget.norm().distance();
    }

    /**
     * @throws IllegalArgumentException if there are too few classes for the loss: fewer than 3, or 4 with a target
     */
    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        switch (variant) {
            case CE -> restarts(batch, model, Objective.crossEntropy(batch), 0, 1);
            case DLR -> restarts(batch, model, Objective.logitsRatio(batch), 0, 1);
            case TARGETED_DLR -> {
                Rivals rivals = Rivals.of(batch, model, settings.targets());
                for (int rank = 0; rank < rivals.count(); rank++) {
                    Objective objective = Objective.targetedLogitsRatio(batch, rivals.ofRank(rank));
                    restarts(batch, model, objective, rank, rivals.count());
                }
            }
        }
    }

    private void restarts(AttackBatch batch, ScoredModel model, Objective objective, int round, int rounds) {
        for (int restart = 0; restart < settings.restarts(); restart++) {
            long before = ((long) round * settings.restarts() + restart) * settings.iterations();
            long total = (long) rounds * settings.restarts() * settings.iterations();
            try (var _ = Scope.open();
                    OpenRows open = new OpenRows(batch, model)) {
                if (open.isEmpty()) {
                    return;
                }
                new Ascent(this, objective, batch, model, open, start(batch, open))
                        .run(done -> batch.progress(before + done, total));
            }
        }
    }

    /** Random points on the surface of the ball, clipped. */
    private Tensor start(AttackBatch batch, OpenRows open) {
        Tensor originals = open.originals();
        // A draw from the unit ball is uniform in direction; the start is scaled onto the surface.
        Tensor inside = budget.norm()
                .randomStart(originals, 1, batch.randoms(open.rows()))
                .sub(originals);
        Tensor lengths = budget.norm().lengths(inside);
        Tensor directions = inside.div(Norm.perRow(lengths, inside)).mul(new Scalar(budget.epsilon()));
        return batch.clip(originals.add(directions));
    }
}
