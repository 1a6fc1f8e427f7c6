package dev.racnn.attack;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * An objective of one loss of logits.
 *
 * @param name of the loss
 * @param signal which logits
 * @param aimed whether the loss moves each example towards one class after the other
 * @param loss makes it for a batch
 */
public record LogitsObjective(String name, Signal signal, boolean aimed, LossOfLogits loss) implements Objective {
    /** Makes a loss of logits for the examples of a batch. */
    @FunctionalInterface
    public interface LossOfLogits {
        /** The loss; see {@link Objective#losses}. */
        LogitsLoss of(AttackBatch batch, IntUnaryOperator aims);
    }

    /** The same loss of other logits. */
    public LogitsObjective of(Signal other) {
        return new LogitsObjective(name, other, aimed, loss);
    }

    @Override
    public List<Loss> losses(AttackBatch batch, IntUnaryOperator aims) {
        return List.of(loss.of(batch, aims).on(signal));
    }

    @Override
    public String toString() {
        return signal.equals(Signal.LOGITS) ? name : name + " of " + signal;
    }
}
