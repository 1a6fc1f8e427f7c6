package dev.racnn.candidates;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.racnn.files.DataFile;
import dev.racnn.files.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The table of contents of a candidate-set folder, which has a whole generation of files or still shows the one before.
 *
 * @param generation counts the rewrites of the set; the data files lie in the folder {@code generation-N}
 * @param candidates number of rows
 * @param layout what all candidates have in common
 * @param tagNames every tag in use; the tags column refers to them by position
 * @param firstFreeId every lower id was given to a candidate once; 0, and not written, if that follows from the ids
 * @param sortedById whether ids ascend with the rows, so that no order column is needed
 * @param files every data file
 */
record CandidateManifest(
        long generation,
        int candidates,
        CandidateLayout layout,
        List<String> tagNames,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long firstFreeId,
        boolean sortedById,
        List<DataFile> files) {
    static final Manifest<CandidateManifest> FILE = new Manifest<>(
            CandidateManifest.class,
            "manifest.json",
            1,
            "candidate set",
            "restore it from a copy or build the set again");

    CandidateManifest {
        tagNames = List.copyOf(tagNames);
        files = List.copyOf(files);
    }

    /** The folder of a generation's data files. */
    static Path generationFolder(Path set, long generation) {
        return set.resolve("generation-" + generation);
    }

    /** @throws IOException if there is none, it is damaged, or it has another version */
    static CandidateManifest read(Path set) throws IOException {
        return FILE.read(set);
    }

    /** Whether the folder still shows this generation. */
    boolean isCurrentIn(Path set) throws IOException {
        return read(set).generation() == generation;
    }
}
