package dev.racnn.attack.catalogue;

/** What an attack lives on: within one budget, each kind should leave less than those before it, or something is wrong. */
public enum Strength {
    /** Noise and rotations, without a look at the model. */
    CHANCE,
    /** Logits or decisions alone. */
    WITHOUT_GRADIENTS,
    /** One step along a gradient. */
    SINGLE_STEP,
    /** Gradients, step after step. */
    ITERATED,
    /** Gradients through a defence that the attacker knows from inside. */
    ADAPTIVE
}
