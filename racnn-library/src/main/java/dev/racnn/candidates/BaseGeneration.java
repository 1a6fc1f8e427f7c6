package dev.racnn.candidates;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable candidate set with the engine over it. Everyone who searches holds it; the last one to let go closes the
 * engine, so that a compaction never takes an engine away from a search.
 */
final class BaseGeneration {
    private final CandidateSet set;

    /** Nothing if the set is empty: an engine needs a candidate. */
    private final @Nullable RetrievalEngine engine;

    private int holders = 1;

    BaseGeneration(CandidateSet set, EngineFactory engine, int threads) {
        this.set = set;
        this.engine = set.size() == 0 ? null : SavedIndexes.openOrBuild(engine, set, threads);
    }

    CandidateSet set() {
        return set;
    }

    /** Whether equal queries get equal answers. */
    boolean deterministic() {
        return engine == null || engine.deterministic();
    }

    /**
     * Searches this base only.
     *
     * @param accepted the filter, or null if every candidate of the base may be returned
     */
    Neighbours search(float[] queries, int k, @Nullable LongPredicate accepted) {
        if (engine == null) {
            throw new IllegalStateException("an empty base cannot be searched");
        }
        return accepted == null ? engine.search(queries, k) : engine.search(queries, k, accepted);
    }

    /** Holds this generation; false if it is closed already. */
    synchronized boolean retain() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    synchronized void release() {
        holders--;
        if (holders == 0 && engine != null) {
            engine.close();
        }
    }
}
