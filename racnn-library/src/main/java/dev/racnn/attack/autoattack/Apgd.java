package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Auto-PGD (Croce and Hein, 2020): projected gradient ascent with momentum that halves the step of an example, and takes it
 * back to its best point, where the loss has stopped growing. Needs no step size of its user.
 *
 * <p>Examples leave as soon as an adversarial point is found; where losses are averaged over several passes, once the point
 * has held in further decisions, so that one lucky pass ends nothing.
 *
 * @param name on the command line
 * @param objective what is climbed; an {@link Objective#aimed} one towards one likely wrong class after the other
 * @param budget the ball, in L1, L2 or LINF
 * @param settings the rest
 * @param start where each run begins
 */
public record Apgd(String name, Objective objective, ThreatModel budget, Settings settings, Start start)
        implements BudgetedAttack {
    public Apgd {
        budget.norm().requireOneOf("apgd", Norm.L1, Norm.L2, Norm.LINF);
    }

    /** Begins on the surface of the ball. */
    public Apgd(String name, Objective objective, ThreatModel budget, Settings settings) {
        this(name, objective, budget, settings, Starts.onSurface(budget));
    }

    /** Climbs the cross-entropy of the true class. */
    public static Apgd crossEntropy(ThreatModel budget, Settings settings) {
        return new Apgd("apgd-ce", Objectives.CROSS_ENTROPY, budget, settings);
    }

    /** Climbs the difference of logits ratio. */
    public static Apgd logitsRatio(ThreatModel budget, Settings settings) {
        return new Apgd("apgd-dlr", Objectives.LOGITS_RATIO, budget, settings);
    }

    /** Climbs the targeted difference of logits ratio, towards one likely wrong class after the other. */
    public static Apgd targeted(ThreatModel budget, Settings settings) {
        return new Apgd("apgd-t", Objectives.TARGETED_LOGITS_RATIO, budget, settings);
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

        /** The same towards so many wrong classes. */
        public Settings withTargets(int count) {
            return new Settings(iterations, restarts, rho, count, passes);
        }

        /** The same averaging over passes. */
        public Settings withPasses(int count) {
            return new Settings(iterations, restarts, rho, targets, count);
        }
    }

    /**
     * @throws IllegalArgumentException if there are too few classes for the objective
     */
    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        if (!objective.aimed()) {
            restarts(batch, model, batch::aim, 0, 1);
            return;
        }
        Rivals rivals = Rivals.of(batch, model, settings.targets());
        for (int rank = 0; rank < rivals.count(); rank++) {
            restarts(batch, model, rivals.ofRank(rank), rank, rivals.count());
        }
    }

    /**
     * Where this attack leads, as a start for another: the point with the largest loss of one run towards each of the wrong classes that it aims
     * at.
     */
    public Start reached() {
        return new Reached(this);
    }

    private void restarts(AttackBatch batch, ScoredModel model, IntUnaryOperator aims, int round, int rounds) {
        Climb climb = new Climb(objective, batch, model, aims);
        for (int restart = 0; restart < settings.restarts(); restart++) {
            try (var _ = Scope.open();
                    OpenRows open = new OpenRows(batch, model)) {
                @Nullable
                Tensor starts = open.isEmpty()
                        ? null
                        : start.points(batch, model, new Start.Attempt(restart, aims), open.rows());
                if (starts == null) {
                    return;
                }
                int run = round * settings.restarts() + restart;
                int runs = rounds * settings.restarts();
                if (budget.norm() == Norm.L1) {
                    new SparseAscent(this, climb, batch, model, open, starts).run(run, runs);
                } else {
                    Tensor inside = budget.within(batch, open.originals(), starts);
                    new Ascent(this, climb, batch, model, open, inside).run(run, runs);
                }
            }
        }
    }
}
