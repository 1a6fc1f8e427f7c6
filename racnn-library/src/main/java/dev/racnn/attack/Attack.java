package dev.racnn.attack;

import java.util.Optional;

/**
 * A search for adversarial examples, working on a whole batch.
 *
 * <p>An attack sees the examples through an {@link AttackBatch} and the classifier through a {@link ScoredModel}, which
 * counts every query, applies the criterion to every point and remembers the best one of each example. So an attack returns
 * nothing: whatever it asked about is on record. It must not depend on which other examples share its batch; what it draws
 * at random comes from {@link AttackBatch#random(int)}.
 *
 * <p>Misclassified examples never reach an attack, nor do those whose target is their own class: of a batch, either all
 * examples have a target or none has. One step is one {@link
 * dev.racnn.tensor.Scope}.
 */
public interface Attack {
    /** Lower-case name, as on the command line. */
    String name();

    /** All settings, a record whose components name them in reports. */
    Record settings();

    /** Whether the attack asks for gradients. */
    default boolean needsGradients() {
        return true;
    }

    /** The distance that decides which of the adversarial points of an example is the nearest. */
    default Distance distance() {
        return Distance.MSD;
    }

    /** By how much a point has to go beyond the criterion to count, see {@link Criterion#margin}; not negative. */
    default double confidence() {
        return 0;
    }

    /** The budget that limits which points count, for attacks with a fixed one. */
    default Optional<ThreatModel> threatModel() {
        return Optional.empty();
    }

    /**
     * Searches adversarial points for all examples of the batch.
     *
     * @param batch examples that the classifier gets right
     * @param model where decisions and gradients come from
     */
    void run(AttackBatch batch, ScoredModel model);
}
