package dev.racnn.candidates;

import dev.racnn.files.DataFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a candidate set: their names, the sizes that they must have, and how they are mapped into memory. */
final class CandidateColumns {
    static final String IDS = "ids.bin";
    static final String LABELS = "labels.bin";
    static final String KEYS = "keys.bin";
    static final String FEATURES = "features.bin";
    static final String THUMBNAILS = "thumbnails.bin";
    static final String TAG_ENDS = "tag-ends.bin";
    static final String TAGS = "tags.bin";
    /** Rows in ascending order of their ids; only there if ids do not ascend with the rows. */
    static final String ORDER = "order.bin";

    static final List<String> ALL = List.of(IDS, LABELS, KEYS, FEATURES, THUMBNAILS, TAG_ENDS, TAGS);

    private CandidateColumns() {}

    /**
     * Maps the files of a generation, for as long as anyone refers to them.
     *
     * @throws IOException if one is missing or has another size than the manifest's candidates need
     */
    static Map<String, MemorySegment> map(Path set, Path folder, CandidateManifest manifest) throws IOException {
        Map<String, Long> expected = expectedBytes(manifest);
        Map<String, MemorySegment> columns = new LinkedHashMap<>();
        Arena arena = Arena.ofAuto();
        for (DataFile file : manifest.files()) {
            columns.put(file.name(), map(folder.resolve(file.name()), file.bytes(), arena));
        }
        for (Map.Entry<String, Long> column : expected.entrySet()) {
            MemorySegment segment = columns.get(column.getKey());
            if (segment == null || segment.byteSize() != column.getValue()) {
                throw new IOException(
                        "candidate set %s is damaged: %s must hold %s bytes for %s candidates, but its manifest says %s; "
                                        .formatted(
                                                set,
                                                column.getKey(),
                                                column.getValue(),
                                                manifest.candidates(),
                                                segment == null ? "nothing of it" : segment.byteSize())
                                + "restore it from a copy or build it again");
            }
        }
        return columns;
    }

    /** The ids of the first rows. */
    static long[] readIds(Path file, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return map(file, (long) count * Long.BYTES, arena)
                    .toArray(ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private static Map<String, Long> expectedBytes(CandidateManifest manifest) {
        long rows = manifest.candidates();
        CandidateLayout layout = manifest.layout();
        Map<String, Long> bytes = new LinkedHashMap<>();
        bytes.put(IDS, rows * Long.BYTES);
        bytes.put(LABELS, rows * Integer.BYTES);
        bytes.put(KEYS, rows * layout.keyDimension() * Float.BYTES);
        bytes.put(FEATURES, rows * layout.featureDimension() * Float.BYTES);
        bytes.put(THUMBNAILS, rows * layout.thumbnailBytes());
        bytes.put(TAG_ENDS, rows * Integer.BYTES);
        if (!manifest.sortedById()) {
            bytes.put(ORDER, rows * Integer.BYTES);
        }
        return bytes;
    }

    private static MemorySegment map(Path file, long bytes, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != bytes) {
                throw new IOException(
                        "%s must hold %s bytes, but holds %s; it is truncated or was changed: restore it from a copy or build the set again"
                                .formatted(file, bytes, channel.size()));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is missing; restore it from a copy or build the set again", e);
        }
    }
}
