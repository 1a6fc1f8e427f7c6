package dev.racnn.server.api;

import dev.racnn.server.model.CandidatePage;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of candidates. */
final class CandidatesJson {
    private CandidatesJson() {}

    /**
     * A candidate.
     *
     * @param id tells it apart for good
     * @param label its class
     * @param tags free words
     */
    @Serdeable
    record Candidate(long id, String label, List<String> tags) {}

    /**
     * Some candidates, the latest first.
     *
     * @param candidates of this page
     * @param total how many there are on all pages
     * @param next what to give as before to get the next page; null on the last one
     */
    @Serdeable
    record Page(
            List<Candidate> candidates,
            long total,
            @Nullable Long next) {}

    /**
     * Images that were made candidates.
     *
     * @param candidates one for each image, in their order
     */
    @Serdeable
    record Added(List<Candidate> candidates) {}

    /**
     * Another class for a candidate.
     *
     * @param label name of the class
     */
    @Serdeable
    record Relabelling(String label) {}

    /**
     * A note of the audit log.
     *
     * @param sequence number of the change
     * @param time when it was noted, UTC
     * @param client address of whoever asked
     * @param action add, remove or relabel
     * @param state begun, done or failed; a change that has begun and nothing else was cut off by a crash
     * @param ids the candidates; none for an addition that has only begun
     * @param label the class that they are given; null for a removal
     * @param was the class that they had; null for an addition
     * @param tags that they are given
     */
    @Serdeable
    record Noted(
            long sequence,
            String time,
            String client,
            String action,
            String state,
            List<Long> ids,
            @Nullable String label,
            @Nullable String was,
            List<String> tags) {}

    static Candidate candidate(CandidatePage.Entry entry, List<String> classNames) {
        return new Candidate(
                entry.id(),
                classNames.get(entry.label()),
                entry.tags().stream().sorted().toList());
    }

    static Page page(CandidatePage page, List<String> classNames) {
        return new Page(
                page.candidates().stream()
                        .map(entry -> candidate(entry, classNames))
                        .toList(),
                page.total(),
                page.next().isPresent() ? page.next().getAsLong() : null);
    }
}
