package dev.racnn.server.model;

import java.util.List;

/**
 * What is known of a candidate set and its retrieval engine.
 *
 * @param engine with its settings
 * @param candidates how many there are
 * @param perClass how many of each class, in the order of the labels
 * @param generation number of the base
 * @param added candidates that are not part of the base yet
 * @param hidden candidates of the base that were removed or changed
 */
public record IndexFacts(
        String engine, int candidates, List<Integer> perClass, long generation, int added, int hidden) {
    public IndexFacts {
        perClass = List.copyOf(perClass);
    }
}
