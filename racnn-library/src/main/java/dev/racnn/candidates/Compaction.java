package dev.racnn.candidates;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes into the next base of a candidate set that lives: a state of it, the same one after an interruption. */
final class Compaction {
    /** What a compaction notes as its source, before the number of changes that it includes. */
    private static final String SOURCE = "changes up to ";

    private Compaction() {}

    /** What is noted of the state that a base is made from. */
    static String source(CandidateState from) {
        return SOURCE + from.position().sequence();
    }

    /** The state to compact: the present one, or the one that an interrupted compaction began with. */
    static CandidateState start(Path set, CandidateState present) throws IOException {
        BaseGeneration base = present.base();
        Optional<String> begun = BuildProgress.read(
                        CandidateManifest.generationFolder(set, base.set().generation() + 1))
                .map(BuildProgress::source)
                .filter(source -> source.startsWith(SOURCE));
        return begun.isPresent()
                ? StateReader.read(set, base, Long.parseLong(begun.get().substring(SOURCE.length())))
                : present;
    }

    /** Writes the candidates of a state: the base in its order, those of the delta before the first greater id. */
    static void write(CandidateState from, CandidateSetWriter writer) throws IOException {
        CandidateSet base = from.base().set();
        List<Candidate> added = from.delta().candidates();
        int alreadyWritten = writer.rows();
        int position = 0;
        int nextAdded = 0;
        for (int row = 0; row < base.size(); row++) {
            long id = base.id(row);
            while (nextAdded < added.size() && added.get(nextAdded).id() <= id) {
                if (position++ >= alreadyWritten) {
                    writer.add(added.get(nextAdded));
                }
                nextAdded++;
            }
            if (!from.hidden().contains(id) && position++ >= alreadyWritten) {
                writer.add(base.candidate(row));
            }
        }
        for (; nextAdded < added.size(); nextAdded++) {
            if (position++ >= alreadyWritten) {
                writer.add(added.get(nextAdded));
            }
        }
    }

    /** The changes that were logged after a state, encoded. */
    static List<byte[]> changesSince(Path set, CandidateState from) throws IOException {
        List<byte[]> later = new ArrayList<>();
        long generation = from.base().set().generation();
        Path folder = CandidateManifest.generationFolder(set, generation);
        ChangeLog.read(folder, generation, from.position(), (_, content) -> later.add(content));
        return later;
    }

    /** All changes of some log entries, in their order. */
    static List<Change> decoded(List<byte[]> entries, ChangeCodec codec) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (byte[] entry : entries) {
            changes.addAll(codec.decode(entry));
        }
        return changes;
    }
}
