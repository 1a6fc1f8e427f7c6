package dev.racnn.retrieval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Signs of random projections (Charikar, STOC 2002) compared by Hamming distance, all of them scanned.
 *
 * @param bits length of a code, a multiple of 64 up to 4096
 * @param fresh whether the projections are drawn anew for every search; answers are then random
 */
public record Codes(int bits, boolean fresh, @JsonUnwrapped Approximation approximation) implements LocalFactory {
    public Codes {
        Approximation.requireRange("bits", bits, 64, 4096);
        if (bits % 64 != 0) {
            throw new IllegalArgumentException("bits of a code must be a multiple of 64, but was " + bits);
        }
    }

    /** The defaults. */
    public Codes() {
        this(256, false, Approximation.ofKeys(200));
    }

    @Override
    public IndexFactory forBuilding() {
        return new Codes(bits, fresh, approximation.withShortlist(new Codes().approximation.shortlist()));
    }

    @Override
    public SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException {
        KeySource source = approximation.source(keys, workers);
        RowSearch index =
                fresh ? FreshCodes.of(keys, source, this, workers) : CodesSearch.build(keys, source, this, workers);
        return new IndexedEngine(keys, source, index, workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        KeySource source = KeySource.open(keys, saved);
        RowSearch index =
                fresh ? FreshCodes.of(keys, source, this, workers) : CodesSearch.open(saved, keys, source, this);
        return new IndexedEngine(keys, source, index, workers);
    }

    /** Codes by the projections of the draw of this number. */
    Codes drawn(long number) {
        long seed = approximation.seed() * 0x9E3779B97F4A7C15L + number;
        return new Codes(bits, false, approximation.withSeed(seed));
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Codes());
    }
}
