package dev.racnn.candidates;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.ColumnWriter;
import dev.racnn.files.DataFile;
import dev.racnn.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a candidate-set folder from a stream of candidates.
 *
 * <p>Memory does not grow with the number of candidates, apart from 8 bytes each (20 if ids do not ascend) in
 * {@link #finish()}. The files lie aside until {@code finish} moves the manifest into place: a reader sees the set that
 * was there before, or none, or the whole new one. A build that was interrupted is continued by {@link #resume}.
 */
public final class CandidateSetWriter implements AutoCloseable {
    /** Rows between two points that an interrupted build can be continued from. */
    static final int CHECKPOINT_ROWS = 5_000;

    private final Path set;
    private final Path folder;
    private final long generation;
    private final CandidateLayout layout;
    private final Source source;
    private final int checkpointRows;
    private final @Nullable CandidateSetLock lock;
    private final Map<String, Integer> tags = new LinkedHashMap<>();
    private final SequencedMap<String, ColumnWriter> columns = new LinkedHashMap<>();
    private int rows;
    private int tagEnd;

    /** What a stream of candidates is made from, as far as it was followed. */
    @FunctionalInterface
    public interface Source {
        /** What tells the first so many candidates of the stream from those of every other one. */
        String of(int rows);
    }

    private CandidateSetWriter(
            Path set,
            CandidateLayout layout,
            Source source,
            boolean resume,
            int checkpointRows,
            @Nullable CandidateSetLock lock)
            throws IOException {
        this.set = set;
        this.layout = layout;
        this.source = source;
        this.checkpointRows = checkpointRows;
        this.lock = lock;
        this.generation = CandidateSet.isIn(set) ? CandidateManifest.read(set).generation() + 1 : 1;
        this.folder = CandidateManifest.generationFolder(set, generation);
        Optional<BuildProgress> progress =
                resume ? BuildProgress.read(folder).filter(p -> p.isOf(layout, source.of(p.rows()))) : Optional.empty();
        if (!(progress.isPresent() && continueFrom(progress.get()))) {
            startOver();
        }
    }

    /**
     * Starts a new set in a folder; a finished set that is there already stays until {@link #finish()} replaces it.
     *
     * @throws IOException if the folder cannot be written to or another writer is at work in it
     */
    public static CandidateSetWriter create(Path set, CandidateLayout layout) throws IOException {
        return locked(set, layout, _ -> "", false, CHECKPOINT_ROWS);
    }

    /** Continues an interrupted build of a stream that its layout tells apart; see the other {@code resume}. */
    public static CandidateSetWriter resume(Path set, CandidateLayout layout) throws IOException {
        return resume(set, layout, _ -> "");
    }

    /**
     * Continues an interrupted build of the same layout from the same source, or starts anew if there is none. The caller
     * goes on with the candidate that follows the first {@link #rows()} of its stream.
     *
     * @param source what the stream of candidates is made from
     */
    public static CandidateSetWriter resume(Path set, CandidateLayout layout, Source source) throws IOException {
        return locked(set, layout, source, true, CHECKPOINT_ROWS);
    }

    static CandidateSetWriter locked(
            Path set, CandidateLayout layout, Source source, boolean resume, int checkpointRows) throws IOException {
        CandidateSetLock lock = CandidateSetLock.take(set);
        try {
            return new CandidateSetWriter(set, layout, source, resume, checkpointRows, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Builds the next generation for someone who holds the lock already; continues one begun from the same source. */
    static CandidateSetWriter nextGeneration(Path set, CandidateLayout layout, String source, int checkpointRows)
            throws IOException {
        return new CandidateSetWriter(set, layout, _ -> source, true, checkpointRows, null);
    }

    /** Number of candidates added so far, those of the interrupted build included. */
    public int rows() {
        return rows;
    }

    /**
     * Adds a candidate as the next row. Its arrays may be reused afterwards.
     *
     * @throws IllegalArgumentException if it does not fit the layout
     * @throws IOException if it cannot be written, such as on a full disk
     */
    public void add(Candidate candidate) throws IOException {
        layout.check(candidate);
        column(CandidateColumns.IDS).putLong(candidate.id());
        column(CandidateColumns.LABELS).putInt(candidate.label());
        column(CandidateColumns.KEYS).putFloats(candidate.key());
        column(CandidateColumns.FEATURES).putFloats(candidate.feature());
        column(CandidateColumns.THUMBNAILS).putBytes(candidate.thumbnail());
        for (String tag : candidate.tags().stream().sorted().toList()) {
            Integer code = tags.computeIfAbsent(tag, _ -> tags.size());
            column(CandidateColumns.TAGS).putInt(code);
            tagEnd++;
        }
        column(CandidateColumns.TAG_ENDS).putInt(tagEnd);
        rows++;
        if (rows % checkpointRows == 0) {
            List<String> names = List.copyOf(tags.keySet());
            new BuildProgress(layout, source.of(rows), rows, tagEnd, names, forceColumns()).write(folder);
        }
    }

    /**
     * Completes the set and moves it into place; what was there before is deleted.
     *
     * @throws IllegalArgumentException if two candidates have the same id; the set that was there before stays
     */
    public CandidateSet finish() throws IOException {
        CandidateManifest.FILE.write(set, seal(0));
        cleanUp();
        close();
        return CandidateSet.open(set);
    }

    /**
     * Completes the files of this generation, without making it the current one.
     *
     * @param firstFreeId above every id that was ever given to a candidate, as far as the candidates do not tell
     */
    CandidateManifest seal(long firstFreeId) throws IOException {
        column(CandidateColumns.IDS).force();
        boolean sorted = writeOrder();
        List<DataFile> files = forceColumns();
        AtomicFile.force(folder);
        return new CandidateManifest(generation, rows, layout, List.copyOf(tags.keySet()), firstFreeId, sorted, files);
    }

    /**
     * Deletes what publishing made superfluous; readers that have a deleted generation mapped keep its content. What
     * cannot be deleted now goes next time.
     */
    void cleanUp() {
        try (Stream<Path> entries = Files.list(set)) {
            Files.deleteIfExists(folder.resolve(BuildProgress.NAME));
            for (Path entry : entries.toList()) {
                if (String.valueOf(entry.getFileName()).startsWith("generation-") && !entry.equals(folder)) {
                    Folders.delete(entry);
                }
            }
        } catch (IOException e) {
            // The new set is in place and complete; leftovers cost only room.
        }
    }

    /** Whether the manifest names this generation. */
    boolean isCurrent() throws IOException {
        return CandidateSet.isIn(set) && CandidateManifest.read(set).generation() == generation;
    }

    /** Deletes the unfinished files. */
    void discard() throws IOException {
        close();
        Folders.delete(folder);
    }

    /** Stops; an unfinished build stays on the disk for {@link #resume}. */
    @Override
    public void close() throws IOException {
        for (ColumnWriter column : columns.values()) {
            column.close();
        }
        if (lock != null) {
            lock.close();
        }
    }

    private ColumnWriter column(String name) {
        ColumnWriter column = columns.get(name);
        if (column == null) {
            throw new IllegalStateException("candidate set " + set + " has no column " + name);
        }
        return column;
    }

    private boolean continueFrom(BuildProgress progress) throws IOException {
        try {
            for (DataFile file : progress.files()) {
                columns.put(file.name(), new ColumnWriter(folder.resolve(file.name()), file));
            }
        } catch (IOException e) {
            // An unfinished build that was damaged is worth nothing: begin again.
            for (ColumnWriter column : columns.values()) {
                column.close();
            }
            columns.clear();
            return false;
        }
        rows = progress.rows();
        tagEnd = progress.tagEnd();
        progress.tagNames().forEach(tag -> tags.put(tag, tags.size()));
        return true;
    }

    private void startOver() throws IOException {
        if (Files.isDirectory(folder)) {
            Folders.delete(folder);
        }
        AtomicFile.createFolders(folder);
        for (String name : CandidateColumns.ALL) {
            columns.put(name, new ColumnWriter(folder.resolve(name)));
        }
    }

    private List<DataFile> forceColumns() throws IOException {
        List<DataFile> files = new ArrayList<>();
        for (ColumnWriter column : columns.values()) {
            files.add(column.force());
        }
        return files;
    }

    /** Writes the rows in the order of their ids if it differs from the order of rows; tells whether it does not. */
    private boolean writeOrder() throws IOException {
        long[] ids = CandidateColumns.readIds(folder.resolve(CandidateColumns.IDS), rows);
        Optional<int[]> order = IdOrder.of(ids);
        if (order.isPresent()) {
            ColumnWriter column = new ColumnWriter(folder.resolve(CandidateColumns.ORDER));
            columns.put(CandidateColumns.ORDER, column);
            for (int row : order.get()) {
                column.putInt(row);
            }
        }
        return order.isEmpty();
    }
}
