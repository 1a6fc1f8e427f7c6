package dev.racnn.retrieval;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of contents of a candidate-set folder. Its file is the last one written and is moved into place, so a
 * folder either has a whole generation of files or still shows the one before.
 *
 * @param formatVersion {@link #VERSION}
 * @param generation counts the rewrites of the set; the data files lie in the folder {@code generation-N}
 * @param candidates number of rows
 * @param layout what all candidates have in common
 * @param tagNames every tag in use; the tags column refers to them by position
 * @param firstFreeId every lower id was given to a candidate once; 0, and not written, if that follows from the ids
 * @param sortedById whether ids ascend with the rows, so that no order column is needed
 * @param files every data file with its size and checksum
 * @param checksum CRC32C of this manifest's JSON with this field empty, in hexadecimal
 */
record CandidateManifest(
        int formatVersion,
        long generation,
        int candidates,
        CandidateLayout layout,
        List<String> tagNames,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long firstFreeId,
        boolean sortedById,
        List<DataFile> files,
        String checksum) {
    static final int VERSION = 1;
    static final String NAME = "manifest.json";

    private static final String FIRST_FREE_ID = "firstFreeId";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** A data file of a generation: its name, its size, and the CRC32C of its content in hexadecimal. */
    record DataFile(String name, long bytes, String crc32c) {}

    CandidateManifest {
        tagNames = List.copyOf(tagNames);
        files = List.copyOf(files);
    }

    /** The folder of a generation's data files. */
    static Path generationFolder(Path set, long generation) {
        return set.resolve("generation-" + generation);
    }

    /** Whether the folder holds a finished candidate set. */
    static boolean existsIn(Path set) {
        return Files.exists(set.resolve(NAME));
    }

    /**
     * Reads and checks the manifest of a folder.
     *
     * @throws IOException if there is none, it is damaged, or it has another version
     */
    static CandidateManifest read(Path set) throws IOException {
        Path file = set.resolve(NAME);
        CandidateManifest manifest;
        try {
            byte[] content = Files.readAllBytes(file);
            JsonNode root = JSON.readTree(content);
            int version = root.path("formatVersion").asInt(0);
            if (version != VERSION) {
                throw new IOException("candidate set %s has format version %s, but this program reads version %s; "
                                .formatted(set, version, VERSION)
                        + "build it again with `index build`");
            }
            if (root instanceof ObjectNode object && !object.has(FIRST_FREE_ID)) {
                object.put(FIRST_FREE_ID, 0L);
            }
            manifest = JSON.treeToValue(root, CandidateManifest.class);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "candidate set %s has no %s; it does not exist or its building was not finished"
                            .formatted(set, NAME),
                    e);
        } catch (JacksonException e) {
            throw new IOException(
                    file + " is damaged: it is not a manifest; restore it from a copy or build the set again", e);
        }
        String actual = manifest.computeChecksum();
        if (!actual.equals(manifest.checksum)) {
            throw new IOException(
                    "%s is damaged: its checksum must be %s, but is %s; ".formatted(file, manifest.checksum, actual)
                            + "restore it from a copy or build the set again");
        }
        return manifest;
    }

    /** Whether the folder still shows this generation. */
    boolean isCurrentIn(Path set) throws IOException {
        return read(set).generation() == generation;
    }

    /** Moves the manifest, completed by its checksum, into place; from then on this generation is the set. */
    void publish(Path set) throws IOException {
        CandidateManifest complete = withChecksum(computeChecksum());
        AtomicFile.write(set.resolve(NAME), JSON.writeValueAsString(complete));
    }

    private String computeChecksum() {
        CRC32C crc = new CRC32C();
        crc.update(JSON.writeValueAsString(withChecksum("")).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private CandidateManifest withChecksum(String value) {
        return new CandidateManifest(
                formatVersion, generation, candidates, layout, tagNames, firstFreeId, sortedById, files, value);
    }
}
