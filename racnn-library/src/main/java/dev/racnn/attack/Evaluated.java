package dev.racnn.attack;

/**
 * Decisions and gradients at the same points.
 *
 * @param decisions of the attacked classifier
 * @param gradient along the gradient path
 */
public record Evaluated(Decisions decisions, LossGradient gradient) {}
