package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

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
 */
public record Pgd(String name, ThreatModel budget, Settings settings) implements Attack {
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
            if (!randomStart && restarts > 1) {
                throw new IllegalArgumentException("restarts must be 1 without a random start, but is " + restarts
                        + "; every restart would be the same");
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
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public Distance objective() {
        return budget.norm().distance();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Objective objective = Objective.crossEntropy(batch);
        int total = settings.restarts() * settings.steps();
        int[] open = batch.rows();
        for (int restart = 0; restart < settings.restarts() && open.length > 0; restart++) {
            int before = restart * settings.steps();
            open = descend(batch, model, objective, step -> batch.progress(before + step, total), open);
        }
    }

    /** One start with all its steps; returns the rows that stay open. */
    private int[] descend(AttackBatch batch, ScoredModel model, Objective objective, IntConsumer steps, int... rows) {
        try (var _ = Scope.open()) {
            int[] open = rows;
            Tensor originals = batch.originals(open);
            Tensor points = settings.randomStart()
                    ? batch.clip(budget.norm().randomStart(originals, budget.epsilon(), batch.randoms(open)))
                    : originals.clone();
            for (int step = 1; step <= settings.steps() && open.length > 0; step++) {
                try (var scope = Scope.open()) {
                    step(batch, model, objective, originals, points, open);
                    int[] asked = open;
                    int[] left = IntStream.range(0, asked.length)
                            .filter(i -> !model.succeeded(asked[i]))
                            .toArray();
                    open = model.unsolved(asked);
                    if (left.length > 0 && left.length < asked.length) {
                        Tensor index = Tensors.of(left);
                        originals = scope.escape(originals.index_select(0, index));
                        points = scope.escape(points.index_select(0, index));
                    }
                }
                steps.accept(step);
            }
            if (open.length > 0) {
                model.decide(points, open);
            }
            return model.unsolved(open);
        }
    }

    /** Decides about points, and moves them, in place. */
    private void step(
            AttackBatch batch, ScoredModel model, Objective objective, Tensor originals, Tensor points, int... rows) {
        Norm norm = budget.norm();
        Tensor gradient = objective.evaluate(model, points, rows).gradient().gradient();
        if (norm == Norm.L1) {
            // Its few large steps would go to waste on pixels that cannot move any more (Tramèr and Boneh, 2019).
            gradient = gradient.mul(movable(batch, points, gradient));
        }
        points.add_(norm.steepestStep(gradient), new Scalar(settings.relativeStep() * budget.epsilon()));
        points.copy_(batch.clip(norm.project(originals, points, budget.epsilon())));
    }

    /** 1 where a pixel can follow its gradient, 0 where a bound is in the way. */
    private static Tensor movable(AttackBatch batch, Tensor points, Tensor gradient) {
        Tensor room = batch.clip(points.add(gradient.sign())).sub(points);
        return room.ne(new Scalar(0.0)).to(gradient.scalar_type());
    }
}
