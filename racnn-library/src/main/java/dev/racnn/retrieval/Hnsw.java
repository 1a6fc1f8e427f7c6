package dev.racnn.retrieval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A hierarchical navigable small-world graph (Malkov and Yashunin, TPAMI 2020), held by Lucene.
 *
 * @param m M, neighbours of a node in the graph, from 2 to 512
 * @param build efConstruction, candidates kept while a node is inserted, from m to 3200
 * @param approximation its shortlist is ef, candidates kept while the graph is searched
 */
public record Hnsw(int m, int build, @JsonUnwrapped Approximation approximation) implements LocalFactory {
    public Hnsw {
        Approximation.requireRange("m", m, 2, 512);
        Approximation.requireRange("build", build, m, 3200);
    }

    /** The defaults. */
    public Hnsw() {
        this(16, 200, Approximation.ofKeys(50));
    }

    @Override
    public IndexFactory forBuilding() {
        return new Hnsw(m, build, approximation.withShortlist(new Hnsw().approximation.shortlist()));
    }

    @Override
    public SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException {
        KeySource source = approximation.source(keys, workers);
        return new IndexedEngine(keys, source, HnswSearch.build(source, this, folder, workers), workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        return new IndexedEngine(keys, KeySource.open(keys, saved), HnswSearch.open(saved.path(), this), workers);
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Hnsw());
    }
}
