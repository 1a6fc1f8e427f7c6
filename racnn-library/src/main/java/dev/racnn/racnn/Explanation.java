package dev.racnn.racnn;

import dev.racnn.retrieval.Neighbours;

/**
 * Why images got their labels.
 *
 * @param probabilities row-major [B, classes], rows sum to 1
 * @param classes number of classes
 * @param neighbours F(x) of each image
 * @param weights attention alpha, row-major [B, K], rows sum to 1
 */
public record Explanation(float[] probabilities, int classes, Neighbours neighbours, float[] weights) {
    /** The most probable class of an image; the lowest label wins a tie. */
    public int label(int image) {
        int best = 0;
        for (int label = 1; label < classes; label++) {
            if (probability(image, label) > probability(image, best)) {
                best = label;
            }
        }
        return best;
    }

    /** Probability of a class. */
    public float probability(int image, int label) {
        return probabilities[image * classes + label];
    }

    /** Attention weight of the rank-th nearest neighbour of an image. */
    public float weight(int image, int rank) {
        return weights[image * neighbours.k() + rank];
    }
}
