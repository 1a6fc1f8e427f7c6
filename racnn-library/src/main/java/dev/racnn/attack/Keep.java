package dev.racnn.attack;

/** Which of the adversarial points of an example is kept, and so which comes out of an attack. */
public enum Keep {
    /** The nearest, by the attack's distance; attacks within a budget are done with an example once they have any. */
    NEAREST,
    /**
     * The one with the largest margin beyond the criterion, which fools other models too more often than the first that fools this one. Attacks go
     * on to their last step.
     */
    MOST_CONFIDENT
}
