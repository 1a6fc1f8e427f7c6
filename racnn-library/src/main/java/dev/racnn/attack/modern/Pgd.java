package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.Step;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Projected gradient descent (Madry et al., 2018) within a ball, and its two special cases: the basic iterative method
 * (Kurakin et al., 2017) has no random start, the fast gradient method (Goodfellow et al., 2015) is one full step of it.
 *
 * <p>Every step goes along the steepest direction of the cross-entropy, back into the ball and into the bounds (Foolbox
 * 3.3.4, {@code BaseGradientDescent}). Each point on the way counts, not only the last, and an example is left alone once
 * an adversarial point is found.
 *
 * @param name on the command line
 * @param budget the ball
 * @param settings the rest
 * @param objective what it climbs
 * @param start where it begins
 */
public record Pgd(String name, ThreatModel budget, Settings settings, Objective objective, Start start)
        implements BudgetedAttack {
    public Pgd {
        budget.norm().requireOneOf(name, Norm.L1, Norm.L2, Norm.LINF);
        if (start.equals(Starts.IMAGE) && settings.restarts() > 1) {
            throw new IllegalArgumentException("restarts must be 1 without a random start, but is "
                    + settings.restarts() + "; every restart would be the same");
        }
    }

    /** Climbs the cross-entropy, from the image or a random point as the settings say. */
    public Pgd(String name, ThreatModel budget, Settings settings) {
        this(
                name,
                budget,
                settings,
                Objectives.CROSS_ENTROPY,
                settings.randomStart() ? Starts.inside(budget) : Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param relativeStep length of a step over the radius of the ball, positive
     * @param steps how many, at least 1
     * @param randomStart whether to begin at a random point of the ball instead of the image
     * @param restarts how often to begin anew where nothing has been found, at least 1; only 1 makes sense without random start
     */
    public record Settings(double relativeStep, int steps, boolean randomStart, int restarts) {
        /** One full step. */
        public static final Settings FAST = new Settings(1, 1, false, 1);
        /** 10 steps of a fifth of the radius. */
        public static final Settings BASIC = new Settings(0.2, 10, false, 1);

        public Settings {
            if (!(relativeStep > 0) || steps < 1 || restarts < 1) {
                throw new IllegalArgumentException(
                        "relativeStep must be positive, steps and restarts at least 1, but they are %s, %s and %s"
                                .formatted(relativeStep, steps, restarts));
            }
        }

        /** 40 steps of a thirtieth of the radius for the largest difference, 50 steps of a fortieth for the other norms. */
        public static Settings projected(Norm norm) {
            return norm == Norm.LINF ? new Settings(0.01 / 0.3, 40, true, 1) : new Settings(0.025, 50, true, 1);
        }

        /** The same with restarts. */
        public Settings withRestarts(int count) {
            return new Settings(relativeStep, steps, randomStart, count);
        }
    }

    /** The fast gradient (sign) method. */
    public static Pgd fast(ThreatModel budget) {
        return new Pgd("fgsm", budget, Settings.FAST);
    }

    /** The basic iterative method. */
    public static Pgd basic(ThreatModel budget) {
        return new Pgd("bim", budget, Settings.BASIC);
    }

    /** Projected gradient descent. */
    public static Pgd projected(ThreatModel budget) {
        return new Pgd("pgd", budget, Settings.projected(budget.norm()));
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Climb climb = new Climb(objective, batch, model);
        for (int restart = 0; restart < settings.restarts(); restart++) {
            try (var _ = Scope.open();
                    OpenRows open = new OpenRows(batch, model)) {
                @Nullable
                Tensor starts = open.isEmpty()
                        ? null
                        : start.points(batch, model, new Start.Attempt(restart, batch::aim), open.rows());
                if (starts == null) {
                    return;
                }
                climb(batch, model, climb, restart, open, open.hold(budget.within(batch, open.originals(), starts)));
            }
        }
    }

    private void climb(
            AttackBatch batch, ScoredModel model, Climb climb, int restart, OpenRows open, OpenRows.Held points) {
        Norm norm = budget.norm();
        Scalar length = new Scalar(settings.relativeStep() * budget.epsilon());
        for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
            model.at(new Step(restart, settings.restarts(), step, settings.steps()));
            try (var _ = Scope.open()) {
                Tensor gradient =
                        climb.evaluate(points.get(), open.rows()).gradient().gradient();
                Tensor direction = norm.steepestStep(movable(batch, points.get(), gradient));
                Tensor moved = points.get().add(direction, length);
                points.set(batch.clip(norm.project(open.originals(), moved, budget.epsilon())));
            }
            open.letGo();
        }
        if (!open.isEmpty()) {
            model.decide(points.get(), open.rows());
        }
    }

    /**
     * In L1 the gradient without the pixels that a bound holds back: its few large steps would go to waste on those (Tramèr
     * and Boneh, 2019).
     */
    private Tensor movable(AttackBatch batch, Tensor points, Tensor gradient) {
        if (budget.norm() != Norm.L1) {
            return gradient;
        }
        Tensor room = batch.clip(points.add(gradient.sign())).sub(points);
        return gradient.mul(room.ne(new Scalar(0.0)).to(gradient.scalar_type()));
    }
}
