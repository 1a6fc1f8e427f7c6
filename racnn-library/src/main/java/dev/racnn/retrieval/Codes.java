package dev.racnn.retrieval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Signs of random projections (Charikar, STOC 2002) compared by Hamming distance, all of them scanned.
 *
 * @param bits length of a code, a multiple of 64 up to 4096
 */
public record Codes(int bits, @JsonUnwrapped Approximation approximation) implements LocalFactory {
    public Codes {
        Approximation.requireRange("bits", bits, 64, 4096);
        if (bits % 64 != 0) {
            throw new IllegalArgumentException("bits of a code must be a multiple of 64, but was " + bits);
        }
    }

    /** The defaults. */
    public Codes() {
        this(256, Approximation.ofKeys(200));
    }

    @Override
    public IndexFactory forBuilding() {
        return new Codes(bits, approximation.withShortlist(new Codes().approximation.shortlist()));
    }

    @Override
    public SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException {
        KeySource source = approximation.source(keys, workers);
        return new IndexedEngine(keys, source, CodesSearch.build(keys, source, this, workers), workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        KeySource source = KeySource.open(keys, saved);
        return new IndexedEngine(keys, source, CodesSearch.open(saved, keys, source, this), workers);
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Codes());
    }
}
