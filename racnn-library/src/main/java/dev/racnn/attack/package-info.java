/**
 * Attacks on classifiers: the vocabulary (attack, criterion, distance, norm, threat model, gradient path) and the runner
 * that feeds, counts, scores and re-checks them.
 */
@NullMarked
package dev.racnn.attack;

import org.jspecify.annotations.NullMarked;
