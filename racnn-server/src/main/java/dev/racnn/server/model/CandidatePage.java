package dev.racnn.server.model;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Some candidates, the latest first.
 *
 * @param candidates their descriptions
 * @param total how many there are with the label and tag asked for
 * @param next whose id the next page begins before, if there is one
 */
public record CandidatePage(List<Entry> candidates, long total, OptionalLong next) {
    public CandidatePage {
        candidates = List.copyOf(candidates);
    }

    /**
     * A candidate without its numbers.
     *
     * @param id tells it apart for good
     * @param label its class
     * @param tags free words
     */
    public record Entry(long id, int label, Set<String> tags) {
        public Entry {
            tags = Set.copyOf(tags);
        }
    }
}
