package dev.racnn.candidates;

import dev.racnn.files.DataFile;
import dev.racnn.retrieval.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * D', the candidate set (section 2.1): ids, labels, keys phi'(x'), features phi(x'), thumbnails and tags by row,
 * immutable and memory-mapped, so that opening takes no heap, and no time but to read some 20 bytes a candidate.
 *
 * <p>Safe for concurrent reads. The mapping lives as long as anyone refers to the set.
 */
public final class CandidateSet implements Keys {
    /** Too large to be read when a set is opened. */
    private static final Set<String> LARGE =
            Set.of(CandidateColumns.KEYS, CandidateColumns.FEATURES, CandidateColumns.THUMBNAILS);

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final CandidateManifest manifest;
    private final MemorySegment ids;
    private final MemorySegment labels;
    private final MemorySegment keys;
    private final MemorySegment features;
    private final MemorySegment thumbnails;
    private final MemorySegment tagEnds;
    private final MemorySegment tags;
    private final MemorySegment order;

    private CandidateSet(Path folder, CandidateManifest manifest, Map<String, MemorySegment> columns) {
        this.folder = folder;
        this.manifest = manifest;
        this.ids = columns.getOrDefault(CandidateColumns.IDS, MemorySegment.NULL);
        this.labels = columns.getOrDefault(CandidateColumns.LABELS, MemorySegment.NULL);
        this.keys = columns.getOrDefault(CandidateColumns.KEYS, MemorySegment.NULL);
        this.features = columns.getOrDefault(CandidateColumns.FEATURES, MemorySegment.NULL);
        this.thumbnails = columns.getOrDefault(CandidateColumns.THUMBNAILS, MemorySegment.NULL);
        this.tagEnds = columns.getOrDefault(CandidateColumns.TAG_ENDS, MemorySegment.NULL);
        this.tags = columns.getOrDefault(CandidateColumns.TAGS, MemorySegment.NULL);
        this.order = columns.getOrDefault(CandidateColumns.ORDER, MemorySegment.NULL);
    }

    /** Whether a folder holds a finished candidate set, damaged or not. */
    public static boolean isIn(Path set) {
        return CandidateManifest.FILE.isIn(set);
    }

    /**
     * Opens a finished candidate set. Checks the manifest, the size of every file, and the content of all but keys,
     * features and thumbnails, which {@link #verify()} checks.
     *
     * @throws IOException if the set is missing, damaged, of another version, or has changes that wait for compaction
     */
    public static CandidateSet open(Path set) throws IOException {
        CandidateManifest manifest = CandidateManifest.read(set);
        if (!ChangeLog.isEmpty(CandidateManifest.generationFolder(set, manifest.generation()))) {
            throw new IOException(
                    "candidate set %s has changes that are not compacted yet; open it as a LiveCandidateSet or compact it with `index compact`"
                            .formatted(set));
        }
        return open(set, manifest);
    }

    static CandidateSet open(Path set, CandidateManifest manifest) throws IOException {
        Path folder = CandidateManifest.generationFolder(set, manifest.generation());
        CandidateSet opened = new CandidateSet(folder, manifest, CandidateColumns.map(set, folder, manifest));
        for (DataFile file : manifest.files()) {
            if (!LARGE.contains(file.name())) {
                file.verify(folder, CandidateManifest.FILE.remedy());
            }
        }
        return opened;
    }

    /**
     * Reads every file and checks it against its checksum.
     *
     * @throws IOException if a byte has changed since the set was written
     */
    @Override
    public void verify() throws IOException {
        for (DataFile file : manifest.files()) {
            file.verify(folder, CandidateManifest.FILE.remedy());
        }
    }

    /** The checksum that the manifest states for a column. */
    long statedChecksum(String column) {
        return manifest.files().stream()
                .filter(file -> file.name().equals(column))
                .mapToLong(file -> Long.parseLong(file.crc32c(), 16))
                .findFirst()
                .orElseThrow();
    }

    /** Where the data files of this generation lie. */
    Path folder() {
        return folder;
    }

    @Override
    public int size() {
        return manifest.candidates();
    }

    @Override
    public int dimension() {
        return manifest.layout().keyDimension();
    }

    /** What all candidates have in common: dimensions, class names, the extractor they come from. */
    public CandidateLayout layout() {
        return manifest.layout();
    }

    /** Counts the rewrites of the set, from 1. */
    public long generation() {
        return manifest.generation();
    }

    /** Every tag in use. */
    public List<String> tagNames() {
        return manifest.tagNames();
    }

    /** Above the id of every candidate that is or ever was in the set. */
    long firstFreeId() {
        long afterLast = size() == 0 ? 0 : id(sortedRow(size() - 1)) + 1;
        return Math.max(manifest.firstFreeId(), afterLast);
    }

    /** Bytes of all data files together. */
    public long bytes() {
        return manifest.files().stream().mapToLong(DataFile::bytes).sum();
    }

    @Override
    public long id(int row) {
        return ids.getAtIndex(LONG, checked(row));
    }

    /** The row of a candidate id, or nothing if no candidate has it. */
    public OptionalInt rowOf(long id) {
        int low = 0;
        int high = size() - 1;
        // Ids are most often consecutive: then the first guess is right.
        long guess = size() == 0 ? 0 : id - id(sortedRow(0));
        int middle = guess >= 0 && guess <= high ? (int) guess : high >>> 1;
        while (low <= high) {
            int row = sortedRow(middle);
            long found = id(row);
            if (found == id) {
                return OptionalInt.of(row);
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
            middle = (low + high) >>> 1;
        }
        return OptionalInt.empty();
    }

    /** The label of a row, an index into the class names of the layout. */
    public int label(int row) {
        return labels.getAtIndex(INT, checked(row));
    }

    @Override
    public void copyKey(int row, float[] target, int offset) {
        copyRow(keys, row, dimension(), target, offset);
    }

    /** Copies phi'(x') of a row to other memory, from a byte on. */
    void copyKey(int row, MemorySegment target, long offset) {
        long from = (long) checked(row) * dimension() * Float.BYTES;
        MemorySegment.copy(keys, FLOAT, from, target, ValueLayout.JAVA_FLOAT, offset, dimension());
    }

    /**
     * Copies phi(x') of a row.
     *
     * @param target at least {@code offset + layout().featureDimension()} long
     * @throws UncheckedIOException if a component is not finite, so that the file must be damaged
     */
    public void copyFeature(int row, float[] target, int offset) {
        int dimension = layout().featureDimension();
        copyRow(features, row, dimension, target, offset);
        for (int i = offset; i < offset + dimension; i++) {
            if (!Float.isFinite(target[i])) {
                String message =
                        "%s is damaged: component %s of candidate %s is %s; restore it from a copy or build the set again"
                                .formatted(folder.resolve(CandidateColumns.FEATURES), i - offset, id(row), target[i]);
                throw new UncheckedIOException(message, new IOException(message));
            }
        }
    }

    /**
     * Copies the thumbnail of a row: unsigned bytes in the order channel, row, column.
     *
     * @param target at least {@code offset + layout().thumbnailBytes()} long
     */
    public void copyThumbnail(int row, byte[] target, int offset) {
        int bytes = layout().thumbnailBytes();
        MemorySegment.copy(thumbnails, ValueLayout.JAVA_BYTE, (long) checked(row) * bytes, target, offset, bytes);
    }

    /** The tags of a row. */
    public Set<String> tags(int row) {
        int from = row == 0 ? 0 : tagEnds.getAtIndex(INT, checked(row - 1));
        int to = tagEnds.getAtIndex(INT, checked(row));
        Set<String> names = new LinkedHashSet<>();
        for (int i = from; i < to; i++) {
            names.add(tagNames().get(tags.getAtIndex(INT, i)));
        }
        return names;
    }

    /** Everything about a row, as a copy. */
    public Candidate candidate(int row) {
        float[] key = new float[dimension()];
        float[] feature = new float[layout().featureDimension()];
        byte[] thumbnail = new byte[layout().thumbnailBytes()];
        copyKey(row, key, 0);
        copyFeature(row, feature, 0);
        copyThumbnail(row, thumbnail, 0);
        return new Candidate(id(row), label(row), key, feature, thumbnail, tags(row));
    }

    private static void copyRow(MemorySegment column, int row, int dimension, float[] target, int offset) {
        MemorySegment.copy(column, FLOAT, (long) row * dimension * Float.BYTES, target, offset, dimension);
    }

    private int sortedRow(int position) {
        return manifest.sortedById() ? position : order.getAtIndex(INT, position);
    }

    private int checked(int row) {
        if (row < 0 || row >= size()) {
            throw new IndexOutOfBoundsException(
                    "row of a candidate set must be from 0 to " + (size() - 1) + ", but is " + row);
        }
        return row;
    }
}
