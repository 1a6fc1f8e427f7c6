package dev.racnn.evaluation;

/**
 * What an attack does to the retrieval: means over the images that it fooled.
 *
 * @param n how many images that is, at least 1
 * @param purityBefore share of the neighbours of the clean image that have its true label, in [0, 1]
 * @param purityAfter the same for the adversarial image
 * @param churn share of the neighbours of the clean image that are no longer neighbours, in [0, 1]
 * @param entropyBefore entropy of the attention weights on the clean image in nats, at most ln K
 * @param entropyAfter the same for the adversarial image
 */
public record NeighbourShift(
        int n, double purityBefore, double purityAfter, double churn, double entropyBefore, double entropyAfter) {}
