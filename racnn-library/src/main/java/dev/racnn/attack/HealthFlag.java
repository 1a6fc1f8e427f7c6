package dev.racnn.attack;

/**
 * A sign that the verdict of a suite is not to be trusted.
 *
 * @param kind which sign
 * @param message what was seen, and what to do about it
 */
public record HealthFlag(Kind kind, String message) {
    /** Whether this sign says that gradients are hidden or useless. */
    public boolean masking() {
        return switch (kind) {
            case ZERO_GRADIENTS, USELESS_GRADIENTS, GRADIENT_FREE_STRONGER -> true;
            case RANDOMISED, PROBABILITIES, OPTIMISES, FEW_CLASSES -> false;
        };
    }

    /** The signs that AutoAttack looks for. */
    public enum Kind {
        /** Several passes over the same images differ. */
        RANDOMISED,
        /** The outputs are probabilities instead of logits. */
        PROBABILITIES,
        /** Some gradients are zero, see {@link LossGradient#dead}. */
        ZERO_GRADIENTS,
        /** Steps along the gradients do not raise the loss. */
        USELESS_GRADIENTS,
        /** The attack without gradients succeeds where those with gradients did not. */
        GRADIENT_FREE_STRONGER,
        /** The classifier takes gradients itself in its forward pass. */
        OPTIMISES,
        /** There are too few classes for a loss or for the number of targets. */
        FEW_CLASSES
    }
}
