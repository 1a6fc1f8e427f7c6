package dev.racnn.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of contents of a folder of {@linkplain DataFile data files}: JSON with a format version in front and a checksum
 * of itself at the end. It is the last file written and is moved into place, so that a folder is complete or shows what it
 * held before.
 *
 * @param <T> the type of what it states
 * @param content the record that it states; a component may be missing in a file if 0 is its value then
 * @param file name of the file
 * @param version format that is written and read
 * @param thing what such a folder is called in messages
 * @param remedy what to do about a damaged one, the end of the message
 */
public record Manifest<T extends Record>(Class<T> content, String file, int version, String thing, String remedy) {
    private static final String VERSION = "formatVersion";
    private static final String CHECKSUM = "checksum";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** Whether a folder is complete, damaged or not. */
    public boolean isIn(Path folder) {
        return Files.exists(folder.resolve(file));
    }

    /**
     * Reads and checks the manifest of a folder.
     *
     * @throws IOException if there is none, it is damaged, or it has another version
     */
    public T read(Path folder) throws IOException {
        Path path = folder.resolve(file);
        try {
            if (!(JSON.readTree(Files.readAllBytes(path)) instanceof ObjectNode stated)) {
                throw damaged(path, "it is no manifest", null);
            }
            int actualVersion = stated.path(VERSION).asInt(0);
            if (actualVersion != version) {
                throw new IOException(
                        "%s %s has format version %s, but this program reads version %s; build it again with `index build`"
                                .formatted(thing, folder, actualVersion, version));
            }
            String expected = stated.path(CHECKSUM).asString("");
            String actual = checksum(stated);
            if (!actual.equals(expected)) {
                throw damaged(path, "its checksum must be %s, but is %s".formatted(expected, actual), null);
            }
            stated.remove(VERSION);
            stated.remove(CHECKSUM);
            return JSON.treeToValue(stated, content);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "%s %s has no %s; it does not exist or its building was not finished"
                            .formatted(thing, folder, file),
                    e);
        } catch (JacksonException e) {
            throw damaged(path, "it is no manifest", e);
        }
    }

    /** Moves a manifest into place; from then on the folder holds what it states. */
    public void write(Path folder, T stated) throws IOException {
        ObjectNode node = JSON.createObjectNode().put(VERSION, version);
        node.setAll(JSON.<ObjectNode>valueToTree(stated));
        node.put(CHECKSUM, checksum(node));
        AtomicFile.write(folder.resolve(file), JSON.writeValueAsString(node));
    }

    /** CRC32C of the JSON with an empty checksum, in hexadecimal. */
    private static String checksum(ObjectNode node) {
        CRC32C crc = new CRC32C();
        crc.update(JSON.writeValueAsString(node.deepCopy().put(CHECKSUM, "")).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private IOException damaged(Path path, String how, @Nullable JacksonException cause) {
        return new IOException("%s is damaged: %s; %s".formatted(path, how, remedy), cause);
    }
}
