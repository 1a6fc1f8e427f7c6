package dev.racnn.racnn;

/**
 * How well the neighbours of an image speak for its answer: the signal that an image may lie outside the manifold of the
 * candidate set, or that the answer is not that of its neighbourhood.
 *
 * @param distance mean Euclidean distance from phi(x) to phi(x'_k), which the image is projected onto
 * @param percentile share of candidates, in [0, 100], that lie nearer to their own neighbours than this image to its
 * @param agreement attention weight, in [0, 1], of the neighbours that have the label of the answer
 */
public record Evidence(double distance, double percentile, double agreement) {}
