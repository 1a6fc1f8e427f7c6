package dev.racnn.racnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToIntFunction;

/**
 * What a model says of one image, and why.
 *
 * @param label the most probable class
 * @param probabilities of all classes, by name, in the order of the labels
 * @param neighbours what the answer rests on, nearest first; empty for a model without retrieval
 */
public record Answer(String label, Map<String, Double> probabilities, List<Neighbour> neighbours) {
    public Answer {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
        neighbours = List.copyOf(neighbours);
    }

    /**
     * A retrieved candidate.
     *
     * @param id of the candidate
     * @param label its class
     * @param distance Euclidean distance between the keys
     * @param weight attention weight alpha, in [0, 1]
     */
    public record Neighbour(long id, String label, double distance, double weight) {}

    /** Puts names to probabilities. The lowest label wins a tie. */
    static Answer of(List<String> classNames, float[] probabilities, List<Neighbour> neighbours) {
        Map<String, Double> named = new LinkedHashMap<>();
        int best = 0;
        for (int label = 0; label < probabilities.length; label++) {
            named.put(classNames.get(label), (double) probabilities[label]);
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        return new Answer(classNames.get(best), named, neighbours);
    }

    /** The answer for the first of the images that an explanation is about. */
    static Answer of(List<String> classNames, Explanation why, LongToIntFunction labels) {
        List<Neighbour> found = new ArrayList<>();
        for (int rank = 0; rank < why.neighbours().k(); rank++) {
            long id = why.neighbours().id(0, rank);
            found.add(new Neighbour(
                    id,
                    classNames.get(labels.applyAsInt(id)),
                    Math.sqrt(why.neighbours().squaredDistance(0, rank)),
                    why.weight(0, rank)));
        }
        return of(classNames, Arrays.copyOf(why.probabilities(), why.classes()), found);
    }
}
