package dev.racnn.candidates;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What happened to a candidate set since it was built from images, all of which another build from images undoes.
 *
 * @param generation number of its base: 1 for the first build, one more for every compaction and every other build
 * @param hidden candidates of the base that were removed, relabelled or replaced since
 * @param added candidates that were added, relabelled or replaced since
 */
public record CandidateHistory(long generation, int hidden, int added) {
    /**
     * Reads the history of a set; there is none where there is no set.
     *
     * @throws IOException if the set is damaged or of another version
     */
    public static Optional<CandidateHistory> of(Path set) throws IOException {
        if (!CandidateSet.isIn(set)) {
            return Optional.empty();
        }
        try (CandidateSnapshot present = CandidateSnapshot.open(set)) {
            return Optional.of(new CandidateHistory(
                    present.base().generation(), present.hiddenSinceCompaction(), present.addedSinceCompaction()));
        }
    }

    /** Whether the set is as it was built first. */
    public boolean isEmpty() {
        return generation == 1 && hidden == 0 && added == 0;
    }

    @Override
    public String toString() {
        return "generation %s, less %s candidates, plus %s added or changed since".formatted(generation, hidden, added);
    }
}
