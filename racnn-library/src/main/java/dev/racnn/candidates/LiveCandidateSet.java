package dev.racnn.candidates;

import dev.racnn.files.AtomicFile;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/**
 * A candidate set that lives: candidates are added, removed and relabelled while searches run.
 *
 * <p>A change is on the disk when its method returns, and every search that begins afterwards sees it; a removed
 * candidate is gone from the next answer. Searches never wait for changes: each works on one immutable state. Changes
 * are kept in a log beside the immutable base until {@link #compact} makes them part of a new base. After a crash the
 * set opens with every acknowledged change.
 *
 * <p>One process at a time can have a folder open for changes; others may read it with {@link CandidateSnapshot#open}.
 */
public final class LiveCandidateSet implements RetrievalEngine {
    private final Path set;
    private final EngineFactory engine;
    private final int threads;
    private final int checkpointRows;
    private final CandidateSetLock folderLock;
    private final ChangeCodec codec;
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock compacting = new ReentrantLock();
    private ChangeLog log;
    private volatile CandidateState state;
    private volatile boolean closed;

    private LiveCandidateSet(
            Path set,
            EngineFactory engine,
            int threads,
            int checkpointRows,
            CandidateSetLock folderLock,
            CandidateState state,
            ChangeLog log) {
        this.set = set;
        this.engine = engine;
        this.threads = threads;
        this.checkpointRows = checkpointRows;
        this.folderLock = folderLock;
        this.state = state;
        this.log = log;
        this.codec = new ChangeCodec(state.base().set().layout());
    }

    /**
     * Opens the candidate set of a folder for changes. A new set is begun with a {@link CandidateSetWriter}, which may
     * write no candidate at all.
     *
     * @param engine searches a base, unless that is empty: an index that is saved for it is opened, or it is built
     * @param threads threads that share the work of building and of one search, at least 1
     * @throws IOException if the set is missing, damaged, of another version, cannot be written to, or is open for
     *     changes elsewhere
     */
    public static LiveCandidateSet open(Path set, EngineFactory engine, int threads) throws IOException {
        return open(set, engine, threads, CandidateSetWriter.CHECKPOINT_ROWS);
    }

    /** Opens the candidate set of a folder to change it; searches are refused, and no time goes into an engine. */
    public static LiveCandidateSet open(Path set) throws IOException {
        return open(set, Unsearchable.ENGINE, 1);
    }

    static LiveCandidateSet open(Path set, EngineFactory engine, int threads, int checkpointRows) throws IOException {
        // A folder without a set gets no lock file; what it holds is only known under the lock.
        CandidateManifest.read(set);
        CandidateSetLock folderLock = CandidateSetLock.take(set);
        try {
            CandidateManifest manifest = CandidateManifest.read(set);
            BaseGeneration base = new BaseGeneration(CandidateSet.open(set, manifest), engine, threads);
            try {
                CandidateState state = StateReader.read(set, base, Long.MAX_VALUE);
                Path folder = CandidateManifest.generationFolder(set, manifest.generation());
                ChangeLog log = ChangeLog.open(folder, manifest.generation());
                return new LiveCandidateSet(set, engine, threads, checkpointRows, folderLock, state, log);
            } catch (IOException | RuntimeException e) {
                base.release();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            folderLock.close();
            throw e;
        }
    }

    /**
     * Makes changes, all or none of them, and stores them on the disk. No search sees only some of them.
     *
     * @throws IllegalArgumentException if one of them cannot be made: the id of an added candidate is in use, that of a
     *     removed or relabelled one is not, or the candidate or label does not fit
     * @throws IOException if they cannot be stored, such as on a full disk; the set is then as before and serves on
     */
    public void apply(List<Change> changes) throws IOException {
        if (changes.isEmpty()) {
            return;
        }
        changing.lock();
        try {
            requireOpen();
            CandidateState next = state.after(changes);
            log.append(codec.encode(changes));
            state = next.at(log.end());
        } finally {
            changing.unlock();
        }
    }

    /** Adds a candidate; see {@link #apply}. */
    public void add(Candidate candidate) throws IOException {
        apply(List.of(new Change.Add(candidate)));
    }

    /** Removes a candidate; see {@link #apply}. */
    public void remove(long id) throws IOException {
        apply(List.of(new Change.Remove(id)));
    }

    /** Gives a candidate another label; see {@link #apply}. */
    public void relabel(long id, int label) throws IOException {
        apply(List.of(new Change.Relabel(id, label)));
    }

    /** The present state, for a search and everything that is read about its answer. */
    public CandidateSnapshot snapshot() {
        while (true) {
            requireOpen();
            CandidateState present = state;
            // A base that cannot be held was just replaced by a compaction: look again.
            if (present.base().retain()) {
                return new CandidateSnapshot(present);
            }
        }
    }

    /**
     * Makes the present candidates a new immutable base, with an engine over it, and empties the log. Searches and
     * changes go on meanwhile. The new base takes effect at once, in memory and on the disk; if the compaction is
     * interrupted the set stays as it was, and the next call goes on with what was written and then with the changes
     * that were made since.
     *
     * @throws IOException if the base is damaged or the new one cannot be written; the set is then as before and serves
     *     on
     */
    public void compact() throws IOException {
        compacting.lock();
        try {
            for (boolean again = true; again; ) {
                try (CandidateSnapshot _ = snapshot()) {
                    again = compactOnce();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(
                    "candidate set %s could not be compacted (%s); it is unchanged%s"
                            .formatted(set, e.getMessage(), AtomicFile.isDiskFull(e) ? ": make room" : ""),
                    e);
        } finally {
            compacting.unlock();
        }
    }

    /** What all candidates have in common. */
    public CandidateLayout layout() {
        return state.base().set().layout();
    }

    @Override
    public int dimension() {
        return state.base().set().dimension();
    }

    @Override
    public int size() {
        return state.size();
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        try (CandidateSnapshot present = snapshot()) {
            return present.search(queries, k);
        }
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        try (CandidateSnapshot present = snapshot()) {
            return present.search(queries, k, accepted);
        }
    }

    /**
     * Ends changes and searches; snapshots that are still open stay usable until they are closed. Waits for a compaction
     * that is under way, because it writes to the folder that is given up here.
     */
    @Override
    public void close() {
        compacting.lock();
        changing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            state.base().release();
            log.close();
            folderLock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("candidate set " + set + " could not be closed", e);
        } finally {
            changing.unlock();
            compacting.unlock();
        }
    }

    /** Makes a new base, if the log holds changes; tells whether it lacks those made since it was begun long ago. */
    private boolean compactOnce() throws IOException {
        CandidateState present = state;
        if (present.position().sequence() == 0) {
            return false;
        }
        CandidateState from = Compaction.start(set, present);
        // Copied rows get new checksums, which must not vouch for what was damaged before.
        from.base().set().verify();
        try (CandidateSetWriter writer =
                CandidateSetWriter.nextGeneration(set, layout(), Compaction.source(from), checkpointRows)) {
            try {
                compact(from, writer);
            } catch (IOException | RuntimeException e) {
                if (writer.isCurrent()) {
                    // The switch was made but may not outlast a power cut: changes to the old base would be lost.
                    log.refuse();
                } else {
                    // Not kept for the next call: it may be what fills the disk.
                    writer.discard();
                }
                throw e;
            }
            writer.cleanUp();
        }
        return from.position().sequence() < present.position().sequence();
    }

    private void compact(CandidateState from, CandidateSetWriter writer) throws IOException {
        Compaction.write(from, writer);
        CandidateManifest manifest = writer.seal(from.firstFreeId());
        CandidateSet base = CandidateSet.open(set, manifest);
        SavedIndexes.renew(from.base().set(), base);
        BaseGeneration next = new BaseGeneration(base, engine, threads);
        try {
            replaceBase(from, next, manifest);
        } catch (IOException | RuntimeException e) {
            next.release();
            throw e;
        }
    }

    /** Switches to the next base, with the changes that were made after the state that it holds. */
    private void replaceBase(CandidateState from, BaseGeneration next, CandidateManifest manifest) throws IOException {
        changing.lock();
        try {
            requireOpen();
            CandidateState replaced = state;
            List<byte[]> later = Compaction.changesSince(set, from);
            ChangeLog nextLog = ChangeLog.create(
                    CandidateManifest.generationFolder(set, manifest.generation()), manifest.generation());
            CandidateState nextState;
            try {
                nextLog.appendAll(later);
                nextState = CandidateState.of(next)
                        .after(Compaction.decoded(later, codec))
                        .at(nextLog.end());
                CandidateManifest.FILE.write(set, manifest);
            } catch (IOException | RuntimeException e) {
                nextLog.close();
                throw e;
            }
            log.close();
            log = nextLog;
            state = nextState;
            replaced.base().release();
        } finally {
            changing.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("candidate set " + set + " is closed; open it again");
        }
    }
}
