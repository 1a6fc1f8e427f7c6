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
import org.bytedeco.pytorch.global.torch;

/**
 * The momentum iterative fast gradient method (Dong et al., 2018), made for perturbations that fool other models too: the basic
 * iterative method along a sum of past gradients, each of length one in L1 (Foolbox 3.3.4). Its variants take the gradient elsewhere:
 * ahead of the point, where the momentum is about to lead (NI; Lin et al., 2020), at a randomly shrunken and shifted copy of it (DI; Xie
 * et al., 2019), or smear it over neighbouring pixels (TI; Dong et al., 2019).
 *
 * @param name on the command line
 * @param budget the ball
 * @param settings the rest
 * @param objective what it climbs
 * @param start where it begins
 */
public record MomentumFgsm(String name, ThreatModel budget, Settings settings, Objective objective, Start start)
        implements BudgetedAttack {
    private static final double TINY = 1e-12;

    public MomentumFgsm {
        budget.norm().requireOneOf(name, Norm.L2, Norm.LINF);
    }

    /** Climbs the cross-entropy from the image. */
    public MomentumFgsm(String name, ThreatModel budget, Settings settings) {
        this(name, budget, settings, Objectives.CROSS_ENTROPY, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param relativeStep length of a step over the radius of the ball, positive
     * @param steps how many, at least 1
     * @param momentum share of the sum that is kept from step to step, not negative
     * @param lookahead whether gradients are taken where the momentum leads
     * @param diversity how often gradients are taken at a shrunken and shifted copy, in [0, 1]
     * @param kernel width of the Gaussian that gradients are smeared with, odd; 1 for none
     */
    public record Settings(
            double relativeStep, int steps, double momentum, boolean lookahead, double diversity, int kernel) {
        /** 10 steps of a fifth of the radius, momentum 1. */
        public static final Settings MOMENTUM = new Settings(0.2, 10, 1, false, 0, 1);
        /** The same with gradients ahead. */
        public static final Settings NESTEROV = new Settings(0.2, 10, 1, true, 0, 1);
        /** The same with diverse inputs in every second step. */
        public static final Settings DIVERSE = new Settings(0.2, 10, 1, false, 0.5, 1);
        /** The same with gradients smeared over 7 x 7 pixels. */
        public static final Settings TRANSLATED = new Settings(0.2, 10, 1, false, 0, 7);

        public Settings {
            if (!(relativeStep > 0) || steps < 1 || !(momentum >= 0)) {
                throw new IllegalArgumentException(
                        "relativeStep must be positive, steps at least 1 and momentum at least 0, but they are %s, %s and %s"
                                .formatted(relativeStep, steps, momentum));
            }
            if (!(diversity >= 0 && diversity <= 1) || kernel < 1 || kernel % 2 == 0) {
                throw new IllegalArgumentException(
                        "diversity must be within [0, 1] and kernel odd and positive, but they are %s and %s"
                                .formatted(diversity, kernel));
            }
        }
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Climb climb = new Climb(objective, batch, model);
        Smear smear = new Smear(settings.kernel());
        Norm norm = budget.norm();
        Scalar length = new Scalar(settings.relativeStep() * budget.epsilon());
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held points =
                    open.hold(budget.within(batch, open.originals(), start.first(batch, model, open.rows())));
            OpenRows.Held sum = open.hold(torch.zeros_like(points.get()));
            for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
                model.at(new Step(0, 1, step, settings.steps()));
                try (var _ = Scope.open()) {
                    Tensor gradient = smear.of(gradient(climb, batch, model, open, points.get(), sum.get()));
                    Tensor sizes = Norm.perRow(Norm.L1.lengths(gradient).clamp_min(new Scalar(TINY)), gradient);
                    sum.set(sum.get().mul(new Scalar(settings.momentum())).add(gradient.div(sizes)));
                    Tensor moved = points.get().add(norm.steepestStep(sum.get()), length);
                    points.set(batch.clip(norm.project(open.originals(), moved, budget.epsilon())));
                }
                open.letGo();
            }
            if (!open.isEmpty()) {
                model.decide(points.get(), open.rows());
            }
        }
    }

    /** The gradient that counts for some points, which are decided about. */
    private Tensor gradient(
            Climb climb, AttackBatch batch, ScoredModel model, OpenRows open, Tensor points, Tensor sum) {
        int[] rows = open.rows();
        if (!settings.lookahead() && settings.diversity() == 0) {
            return climb.evaluate(points, rows).gradient().gradient();
        }
        model.decide(points, rows);
        Tensor at = points;
        if (settings.lookahead()) {
            Scalar length = new Scalar(settings.relativeStep() * budget.epsilon() * settings.momentum());
            at = batch.clip(points.add(budget.norm().steepestStep(sum), length));
        }
        if (settings.diversity() == 0) {
            return climb.gradient(at, rows).gradient();
        }
        Diversity diversity = Diversity.draw(batch, settings.diversity(), rows);
        return diversity.back(climb.gradient(diversity.of(at), rows).gradient());
    }
}
