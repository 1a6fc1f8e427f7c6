package dev.racnn.server.model;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.racnn.Evidence;
import dev.racnn.racnn.Explanation;
import java.util.ArrayList;
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
    public record Neighbour(long id, int label, float distance, float weight, byte @Nullable [] thumbnail) {}

    /** The neighbours of one image of a batch, with what is known of them. */
    static List<Neighbour> neighbours(Explanation why, int image, CandidateSnapshot present, boolean thumbnails) {
        List<Neighbour> neighbours = new ArrayList<>();
        for (int rank = 0; rank < why.neighbours().k(); rank++) {
            long id = why.neighbours().id(image, rank);
            neighbours.add(new Neighbour(
                    id,
                    present.label(id),
                    (float) Math.sqrt(why.neighbours().squaredDistance(image, rank)),
                    why.weight(image, rank),
                    thumbnails ? present.candidate(id).thumbnail() : null));
        }
        return neighbours;
    }

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
