package dev.racnn.candidates;

import dev.racnn.retrieval.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies on the disk beside the candidates of a base.
 *
 * @param indexes the saved indexes
 * @param changeBytes size of the log of changes
 */
public record SetInventory(List<SavedIndex> indexes, long changeBytes) {
    public SetInventory {
        indexes = List.copyOf(indexes);
    }

    /**
     * A saved index.
     *
     * @param name the engine with its settings; if even that cannot be read, the folder
     * @param bytes size of its files
     * @param damage why it cannot be used, if it cannot
     */
    public record SavedIndex(String name, long bytes, Optional<String> damage) {}

    /**
     * Looks through the folder of a base.
     *
     * @param verify whether every byte of the indexes is read and compared with its checksum; otherwise only their
     *     manifests are read
     * @throws IOException if the folder cannot be listed; a damaged index is no error
     */
    public static SetInventory of(CandidateSet base, boolean verify) throws IOException {
        List<SavedIndex> indexes = new ArrayList<>();
        for (Path folder : SavedIndexes.folders(base)) {
            indexes.add(look(folder, base, verify));
        }
        long direct;
        try (Stream<Path> entries = Files.list(base.folder())) {
            direct = bytes(entries);
        }
        return new SetInventory(indexes, direct - base.bytes());
    }

    /** Size of all indexes. */
    public long indexBytes() {
        return indexes.stream().mapToLong(SavedIndex::bytes).sum();
    }

    private static SavedIndex look(Path folder, CandidateSet base, boolean verify) throws IOException {
        long bytes;
        try (Stream<Path> entries = Files.walk(folder)) {
            bytes = bytes(entries);
        }
        String name = String.valueOf(folder.getFileName());
        try {
            name = Engines.settings(folder).toString();
            if (verify) {
                Engines.verify(folder, base);
            }
            return new SavedIndex(name, bytes, Optional.empty());
        } catch (IOException | IllegalArgumentException e) {
            return new SavedIndex(name, bytes, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static long bytes(Stream<Path> entries) throws IOException {
        long sum = 0;
        for (Path file : entries.filter(Files::isRegularFile).toList()) {
            sum += Files.size(file);
        }
        return sum;
    }
}
