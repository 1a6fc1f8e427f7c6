package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A start that has gone some steps up another objective: signed or normalised gradients, back into the ball after each. Nothing is
 * decided on the way.
 *
 * @param from where the steps begin
 * @param objective what they climb
 * @param budget the ball
 * @param steps how many, at least 1; together they are as long as two and a half radii
 */
record Climbed(Start from, Objective objective, ThreatModel budget, int steps) implements Start {
    private static final double WAY = 2.5;

    Climbed {
        if (steps < 1) {
            throw new IllegalArgumentException("steps of a start must be at least 1, but are " + steps);
        }
    }

    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        Climb climb = new Climb(objective, batch, model, attempt.aims());
        Scalar length = new Scalar(WAY / steps * budget.epsilon());
        try (var scope = Scope.open()) {
            Tensor starts = from.points(batch, model, attempt, rows);
            if (starts == null) {
                return null;
            }
            Tensor originals = batch.originals(rows);
            Tensor points = budget.within(batch, originals, starts).clone();
            for (int step = 0; step < steps; step++) {
                try (var _ = Scope.open()) {
                    Tensor gradient = climb.gradient(points, rows).gradient();
                    Tensor moved = points.add(budget.norm().steepestStep(gradient), length);
                    points.copy_(batch.clip(budget.norm().project(originals, moved, budget.epsilon())));
                }
            }
            return scope.escape(points);
        }
    }

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public String toString() {
        return "%s steps up the %s from %s".formatted(steps, objective, from);
    }
}
