package dev.racnn.retrieval;

import dev.racnn.files.AtomicFile;
import dev.racnn.retrieval.CandidateManifest.DataFile;
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

/**
 * The table of contents of a saved index.
 *
 * @param formatVersion {@link #VERSION}
 * @param engine settings that the index was built with, see {@link EngineSpec#parse}
 * @param candidates number of candidates
 * @param dimension components of a key, before any projection
 * @param keys fingerprint of the keys, see {@link #fingerprint}
 * @param files every other file with its size and checksum
 * @param checksum CRC32C of this manifest's JSON with this field empty, in hexadecimal
 */
record IndexManifest(
        int formatVersion,
        String engine,
        int candidates,
        int dimension,
        String keys,
        List<DataFile> files,
        String checksum) {
    static final int VERSION = 2;
    static final String NAME = "index.json";

    private static final int FINGERPRINT_KEYS = 1000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    IndexManifest {
        files = List.copyOf(files);
    }

    /** @throws IOException if there is none, it is damaged, or it has another version */
    static IndexManifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        IndexManifest manifest;
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            int version = root.path("formatVersion").asInt(0);
            if (version != VERSION) {
                throw new IOException(
                        "index %s has format version %s, but this program reads version %s; build it again with `index build`"
                                .formatted(folder, version, VERSION));
            }
            manifest = JSON.treeToValue(root, IndexManifest.class);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "index %s has no %s; it does not exist or its building was not finished".formatted(folder, NAME),
                    e);
        } catch (JacksonException e) {
            throw new IOException(file + " is damaged: it is not an index manifest; build the index again", e);
        }
        String actual = manifest.computeChecksum();
        if (!actual.equals(manifest.checksum)) {
            throw new IOException("%s is damaged: its checksum must be %s, but is %s; build the index again"
                    .formatted(file, manifest.checksum, actual));
        }
        return manifest;
    }

    /** Moves the manifest, completed by its checksum, into place. */
    void write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve(NAME), JSON.writeValueAsString(withChecksum(computeChecksum())));
    }

    /** CRC32C over the shape, all ids and up to 1,000 evenly spaced keys, in hexadecimal. */
    static String fingerprint(Keys keys) {
        CRC32C crc = new CRC32C();
        update(crc, keys.size());
        update(crc, keys.dimension());
        for (int row = 0; row < keys.size(); row++) {
            update(crc, keys.id(row));
        }
        float[] key = new float[keys.dimension()];
        int step = Math.ceilDiv(keys.size(), FINGERPRINT_KEYS);
        for (int row = 0; row < keys.size(); row += step) {
            keys.copyKey(row, key, 0);
            for (float component : key) {
                update(crc, Float.floatToIntBits(component));
            }
        }
        return Long.toHexString(crc.getValue());
    }

    /** Adds eight bytes to a checksum. */
    static void update(CRC32C crc, long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (value >>> shift));
        }
    }

    private String computeChecksum() {
        CRC32C crc = new CRC32C();
        crc.update(JSON.writeValueAsString(withChecksum("")).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private IndexManifest withChecksum(String value) {
        return new IndexManifest(formatVersion, engine, candidates, dimension, keys, files, value);
    }
}
