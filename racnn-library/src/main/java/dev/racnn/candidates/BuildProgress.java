package dev.racnn.candidates;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far the building of a generation has come: the state of every file when it was last forced to the disk.
 *
 * @param layout of the set that is built
 * @param source what these rows were built from, compared when it is continued
 * @param rows candidates that the files hold
 * @param tagEnd tags that the files hold
 * @param tagNames tags in the order of their codes
 * @param files name, size and checksum of every file at that moment
 */
record BuildProgress(
        CandidateLayout layout, String source, int rows, int tagEnd, List<String> tagNames, List<DataFile> files) {
    static final String NAME = "progress.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    BuildProgress {
        tagNames = List.copyOf(tagNames);
        files = List.copyOf(files);
    }

    /** What an interrupted build left in a generation's folder; nothing if it left no readable record. */
    static Optional<BuildProgress> read(Path generationFolder) throws IOException {
        Path file = generationFolder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), BuildProgress.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    boolean isOf(CandidateLayout otherLayout, String otherSource) {
        return layout.equals(otherLayout) && source.equals(otherSource);
    }

    void write(Path generationFolder) throws IOException {
        AtomicFile.write(generationFolder.resolve(NAME), JSON.writeValueAsString(this));
    }
}
