package dev.racnn.attack;

import java.util.Optional;

/** An attack within a ball: only points in it count, and their distance is that of its norm. */
public interface BudgetedAttack extends Attack {
    /** The ball. */
    ThreatModel budget();

    @Override
    default Optional<ThreatModel> threatModel() {
        return Optional.of(budget());
    }

    @Override
    default Distance distance() {
        return budget().norm().distance();
    }
}
