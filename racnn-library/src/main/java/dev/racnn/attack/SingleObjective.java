package dev.racnn.attack;

import java.util.List;
import java.util.function.IntUnaryOperator;

/** An objective of one loss, told apart by its name. */
record SingleObjective(String name, LossOfBatch loss) implements Objective {
    @Override
    public List<Loss> losses(AttackBatch batch, IntUnaryOperator aims) {
        return List.of(loss.of(batch, aims));
    }

    @Override
    public String toString() {
        return name;
    }
}
