package dev.racnn.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code racnn classify} says about an image.
 *
 * @param image the file
 * @param label the most probable class
 * @param probabilities of all classes, in the order of the labels
 * @param neighbours what the answer rests on, nearest first; empty for a model without retrieval
 */
record Prediction(String image, String label, Map<String, Double> probabilities, List<Neighbour> neighbours) {
    /** Puts names to the probabilities of one image. */
    static Prediction of(Path image, List<String> classNames, float[] probabilities, List<Neighbour> neighbours) {
        Map<String, Double> named = new LinkedHashMap<>();
        int best = 0;
        for (int label = 0; label < probabilities.length; label++) {
            named.put(classNames.get(label), (double) probabilities[label]);
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
        }
        return new Prediction(image.toString(), classNames.get(best), named, neighbours);
    }

    /**
     * A retrieved candidate.
     *
     * @param id of the candidate
     * @param label its class
     * @param distance Euclidean distance between the keys
     * @param weight attention weight alpha, in [0, 1]
     */
    record Neighbour(long id, String label, double distance, double weight) {}
}
