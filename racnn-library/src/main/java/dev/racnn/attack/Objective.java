package dev.racnn.attack;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What a gradient attack climbs: a loss or several for the examples of any batch, and how their gradients become one. An
 * attack takes its objective as an argument, and knows nothing of the signals behind it.
 *
 * <p>Its {@code toString} is its name: reports state it, and journals go on only under the same one.
 */
public interface Objective {
    /**
     * The losses for the examples of a batch, at least one.
     *
     * @param aims the class that each row is to be moved towards; only what is {@link #aimed} looks at it
     */
    List<Loss> losses(AttackBatch batch, IntUnaryOperator aims);

    /** Whether attacks should move each example towards one likely wrong class after the other. */
    default boolean aimed() {
        return false;
    }

    /**
     * One loss and one gradient of those of all losses.
     *
     * @param each in the order of the losses
     */
    default LossGradient combined(List<LossGradient> each) {
        return each.getFirst();
    }

    /** An objective of a single loss. */
    static Objective of(String name, LossOfBatch loss) {
        return new SingleObjective(name, loss);
    }

    /** Makes a loss for the examples of a batch. */
    @FunctionalInterface
    interface LossOfBatch {
        /** The loss; see {@link Objective#losses}. */
        Loss of(AttackBatch batch, IntUnaryOperator aims);
    }
}
