package dev.racnn.retrieval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Locality-sensitive hashing with p-stable distributions (Datar, Immorlica, Indyk and Mirrokni, SoCG 2004), several buckets
 * a table probed (Lv, Josephson, Wang, Charikar and Li, VLDB 2007).
 *
 * @param tables L, hash tables, from 1 to 1024
 * @param bits m, hash functions that a table concatenates, from 1 to 64
 * @param probes buckets looked up in every table, from 1
 * @param width w, width of a hash function's cells, in mean distances to the 10th neighbour
 * @param drawn tables that each query looks up, drawn anew for every query; 0 for all of them
 */
public record Lsh(
        int tables,
        int bits,
        int probes,
        double width,
        int drawn,
        @JsonUnwrapped Approximation approximation) implements LocalFactory {
    public Lsh {
        Approximation.requireRange("tables", tables, 1, 1024);
        Approximation.requireRange("bits", bits, 1, 64);
        Approximation.requireRange("probes", probes, 1, 1 << 16);
        Approximation.requireRange("drawn", drawn, 0, tables);
        if (!(width > 0 && width < 1e6)) {
            throw new IllegalArgumentException("width must be above 0 and below 1e6, but was " + width);
        }
    }

    /** The defaults. */
    public Lsh() {
        this(32, 16, 24, 4, 0, Approximation.ofKeys(60));
    }

    @Override
    public IndexFactory forBuilding() {
        Lsh defaults = new Lsh();
        return new Lsh(
                tables,
                bits,
                defaults.probes,
                width,
                defaults.drawn,
                approximation.withShortlist(defaults.approximation.shortlist()));
    }

    @Override
    public SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException {
        KeySource source = approximation.source(keys, workers);
        return new IndexedEngine(keys, source, LshSearch.build(source, this, workers), workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        KeySource source = KeySource.open(keys, saved);
        return new IndexedEngine(keys, source, LshSearch.open(saved, source, this), workers);
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Lsh());
    }
}
