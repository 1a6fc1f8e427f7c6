package dev.racnn.racnn;

import dev.racnn.retrieval.Neighbours;
import java.util.Arrays;

/**
 * Why images got their labels. All numbers are finite.
 *
 * @param probabilities row-major [B, classes], rows sum to 1
 * @param classes number of classes
 * @param neighbours F(x) of each image
 * @param weights attention alpha, row-major [B, K], rows sum to 1
 * @param featureDistances Euclidean distances between phi(x) and phi(x'_k), row-major [B, K]: how far the image lies from what
 *     it is projected onto
 */
public record Explanation(
        float[] probabilities, int classes, Neighbours neighbours, float[] weights, float[] featureDistances) {
    public Explanation {
        requireFinite("probabilities", probabilities, classes, neighbours);
        requireFinite("weights", weights, neighbours.k(), neighbours);
        requireFinite("feature distances", featureDistances, neighbours.k(), neighbours);
    }

    private static void requireFinite(String name, float[] numbers, int perImage, Neighbours neighbours) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                int k = neighbours.k();
                int first = i / perImage * k;
                throw new IllegalArgumentException(
                        "%s of an answer must be finite, but one is %s; the features of the candidates %s may be damaged: check the candidate set with `racnn index info --verify`"
                                .formatted(
                                        name,
                                        numbers[i],
                                        Arrays.toString(Arrays.copyOfRange(neighbours.ids(), first, first + k))));
            }
        }
    }

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

    /** Distance between phi(x) and the feature of the rank-th nearest neighbour of an image. */
    public float featureDistance(int image, int rank) {
        return featureDistances[image * neighbours.k() + rank];
    }
}
