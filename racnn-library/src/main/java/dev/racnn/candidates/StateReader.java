package dev.racnn.candidates;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the state that a base and the changes in its log amount to. */
final class StateReader {
    private StateReader() {}

    /**
     * The state of a candidate-set folder after the first changes of its log.
     *
     * @param base the generation that the manifest names
     * @param upTo sequence number of the last record to apply
     * @throws IOException if the log is damaged, or holds a change that cannot be made
     */
    static CandidateState read(Path set, BaseGeneration base, long upTo) throws IOException {
        CandidateState start = CandidateState.of(base);
        if (upTo == 0) {
            return start;
        }
        long generation = base.set().generation();
        Path folder = CandidateManifest.generationFolder(set, generation);
        ChangeCodec codec = new ChangeCodec(base.set().layout());
        List<Change> changes = new ArrayList<>();
        try {
            ChangeLog.Position end = ChangeLog.read(folder, generation, start.position(), (sequence, content) -> {
                changes.addAll(codec.decode(content));
                return sequence < upTo;
            });
            return start.after(changes).at(end);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the change log in %s does not fit its candidate set: %s; restore the folder from a copy"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }
}
