package dev.racnn.candidates;

import dev.racnn.files.Checksum;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.KeyChecks;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One state of a candidate set that lives: its neighbours, labels, features and thumbnails fit together, whatever is
 * changed meanwhile. Close it when the answer is complete, so that the engine of a replaced base can go.
 *
 * <p>Searches ask the engine over the base, without what was removed since, and compare the few candidates that were
 * added since one by one.
 */
public final class CandidateSnapshot implements RetrievalEngine {
    private final CandidateState state;
    private boolean closed;

    /** Takes over one hold on the state's base. */
    CandidateSnapshot(CandidateState state) {
        this.state = state;
    }

    /**
     * Opens the last state of a candidate-set folder for reading only; the folder is not written to.
     *
     * @param engine searches the base: an index that is saved for it is opened, or it is built
     * @param threads threads that share the work of building and of one search, at least 1
     * @throws IOException if the set is missing, damaged or of another version
     */
    public static CandidateSnapshot open(Path set, EngineFactory engine, int threads) throws IOException {
        while (true) {
            CandidateManifest manifest = CandidateManifest.read(set);
            try {
                CandidateSnapshot snapshot = open(set, manifest, engine, threads);
                if (manifest.isCurrentIn(set)) {
                    return snapshot;
                }
                // A compaction took the log away, perhaps before it was read: look again.
                snapshot.close();
            } catch (IOException | UncheckedIOException e) {
                if (manifest.isCurrentIn(set)) {
                    throw e;
                }
            }
        }
    }

    private static CandidateSnapshot open(Path set, CandidateManifest manifest, EngineFactory engine, int threads)
            throws IOException {
        BaseGeneration base = new BaseGeneration(CandidateSet.open(set, manifest), engine, threads);
        try {
            return new CandidateSnapshot(StateReader.read(set, base, Long.MAX_VALUE));
        } catch (IOException | RuntimeException e) {
            base.release();
            throw e;
        }
    }

    /** Opens the last state of a candidate-set folder to read about its candidates; searches are refused. */
    public static CandidateSnapshot open(Path set) throws IOException {
        return open(set, Unsearchable.ENGINE, 1);
    }

    /**
     * This state with the accepted candidates alone, as if the others had been removed. It is closed by itself.
     *
     * @throws IllegalStateException if this snapshot is closed
     */
    public CandidateSnapshot retaining(LongPredicate accepted) {
        List<Change> removals = ids().filter(id -> !accepted.test(id))
                .<Change>mapToObj(Change.Remove::new)
                .toList();
        CandidateState retained = state.after(removals);
        synchronized (this) {
            if (closed || !state.base().retain()) {
                throw new IllegalStateException("this snapshot is closed; take another one");
            }
        }
        return new CandidateSnapshot(retained);
    }

    @Override
    public int dimension() {
        return layout().keyDimension();
    }

    @Override
    public boolean deterministic() {
        return state.base().deterministic();
    }

    @Override
    public int size() {
        return state.size();
    }

    /** What all candidates have in common. */
    public CandidateLayout layout() {
        return state.base().set().layout();
    }

    /** Number of candidates that are not in the base: they cost a comparison each in every search until compaction. */
    public int addedSinceCompaction() {
        return state.delta().size();
    }

    /** Number of candidates of the base that were removed, or replaced by one that is not in the base. */
    public int hiddenSinceCompaction() {
        return state.hidden().size();
    }

    /** The base, as it was compacted last. */
    public CandidateSet base() {
        return state.base().set();
    }

    /**
     * A checksum of what models read: ids, labels, keys and features. Another content has another one, and so has the same
     * content after a compaction. Reads the ids and what has changed since the last compaction, no keys of the base.
     */
    public String fingerprint() {
        Checksum checksum = new Checksum();
        List.of(CandidateColumns.IDS, CandidateColumns.LABELS, CandidateColumns.KEYS, CandidateColumns.FEATURES)
                .forEach(column -> checksum.add(base().statedChecksum(column)));
        ids().forEach(checksum::add);
        for (Candidate candidate : state.delta().candidates()) {
            checksum.add(candidate.label());
            checksum.add(candidate.key());
            checksum.add(candidate.feature());
        }
        return checksum.toString();
    }

    /** The ids of all candidates. */
    public LongStream ids() {
        LongStream unchanged = IntStream.range(0, base().size())
                .mapToLong(base()::id)
                .filter(id -> !state.hidden().contains(id));
        return LongStream.concat(unchanged, state.delta().candidates().stream().mapToLong(Candidate::id));
    }

    /**
     * An id that no candidate has or ever had, and no greater one either: what somebody noted under an id does not come
     * to mean another candidate after a removal.
     */
    public long firstFreeId() {
        return state.firstFreeId();
    }

    /** Whether a candidate is there. */
    public boolean contains(long id) {
        return state.contains(id);
    }

    /**
     * Everything about a candidate, as a copy.
     *
     * @throws IllegalArgumentException if no candidate has this id
     */
    public Candidate candidate(long id) {
        return state.candidate(id).orElseThrow(() -> CandidateState.unknown(id));
    }

    /**
     * The label of a candidate.
     *
     * @throws IllegalArgumentException if no candidate has this id
     */
    public int label(long id) {
        Optional<Candidate> changed = state.delta().find(id);
        return changed.isPresent() ? changed.get().label() : base().label(rowInBase(id));
    }

    /** The tags of a candidate. */
    public Set<String> tags(long id) {
        Optional<Candidate> changed = state.delta().find(id);
        return changed.isPresent() ? changed.get().tags() : base().tags(rowInBase(id));
    }

    /**
     * Copies phi'(x') of a candidate to other memory: layout().keyDimension() floats.
     *
     * @param offset in bytes
     */
    public void copyKey(long id, MemorySegment target, long offset) {
        Optional<Candidate> changed = state.delta().find(id);
        if (changed.isPresent()) {
            float[] key = changed.get().key();
            MemorySegment.copy(key, 0, target, ValueLayout.JAVA_FLOAT, offset, key.length);
        } else {
            base().copyKey(rowInBase(id), target, offset);
        }
    }

    /**
     * Copies phi(x') of a candidate.
     *
     * @param target at least {@code offset + layout().featureDimension()} long
     */
    public void copyFeature(long id, float[] target, int offset) {
        Optional<Candidate> changed = state.delta().find(id);
        if (changed.isPresent()) {
            float[] feature = changed.get().feature();
            System.arraycopy(feature, 0, target, offset, feature.length);
        } else {
            base().copyFeature(rowInBase(id), target, offset);
        }
    }

    /** A filter that accepts the candidates of one class. */
    public LongPredicate labelled(int label) {
        return id -> label(id) == label;
    }

    /** A filter that accepts the candidates with a tag. */
    public LongPredicate tagged(String tag) {
        return id -> tags(id).contains(tag);
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        int fromBase = Math.min(k, state.inBase());
        IdSet hidden = state.hidden();
        return search(queries, k, fromBase, hidden.size() == 0 ? null : id -> !hidden.contains(id), _ -> true);
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        IdSet hidden = state.hidden();
        LongPredicate inBase = id -> !hidden.contains(id) && accepted.test(id);
        return search(queries, k, countInBase(inBase, k), inBase, accepted);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            state.base().release();
        }
    }

    private Neighbours search(
            float[] queries, int k, int fromBase, @Nullable LongPredicate inBase, LongPredicate inDelta) {
        KeyChecks.requireSearchable(queries, dimension(), k, size());
        Delta delta = state.delta();
        int[] rows = delta.rows(inDelta);
        if (fromBase + rows.length < k) {
            throw KeyChecks.tooFewAccepted(fromBase + rows.length, k);
        }
        if (fromBase == 0) {
            return delta.search(queries, rows, k);
        }
        Neighbours base = state.base().search(queries, fromBase, inBase);
        return rows.length == 0 ? base : base.with(delta.search(queries, rows, k), k);
    }

    /** How many candidates of the base are accepted, counted up to k. */
    private int countInBase(LongPredicate inBase, int k) {
        int count = 0;
        for (int row = 0; row < base().size() && count < k; row++) {
            if (inBase.test(base().id(row))) {
                count++;
            }
        }
        return count;
    }

    private int rowInBase(long id) {
        OptionalInt row = state.rowInBase(id);
        if (row.isEmpty()) {
            throw CandidateState.unknown(id);
        }
        return row.getAsInt();
    }
}
