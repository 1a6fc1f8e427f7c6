package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A start that is told apart by its name. */
record NamedStart(String name, Points source) implements Start {
    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        return source.of(batch, model, attempt, rows);
    }

    @Override
    public String toString() {
        return name;
    }
}
