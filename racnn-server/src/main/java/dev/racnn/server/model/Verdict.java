package dev.racnn.server.model;

import dev.racnn.racnn.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one image.
 *
 * @param probabilities of every class; their sum is 1
 * @param neighbours nearest first
 * @param evidence how well they speak for the answer
 * @param baseline probabilities of every class by the baseline; null if it was not asked
 */
public record Verdict(
        float[] probabilities, List<Neighbour> neighbours, Evidence evidence, float @Nullable [] baseline) {
    public Verdict {
        neighbours = List.copyOf(neighbours);
    }

    /**
     * A retrieved candidate.
     *
     * @param id of the candidate
     * @param label its class
     * @param distance Euclidean distance between the keys
     * @param weight attention alpha, in [0, 1]
     * @param thumbnail unsigned bytes in the order channel, row, column; null if not asked for
     */
    public record Neighbour(long id, int label, double distance, double weight, byte @Nullable [] thumbnail) {}

    /** The most probable class; the lowest label wins a tie. */
    public int label() {
        return mostProbable(probabilities);
    }

    /** The most probable class; the lowest label wins a tie. */
    public static int mostProbable(float[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
        }
        return best;
    }
}
