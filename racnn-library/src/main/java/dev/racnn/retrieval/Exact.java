package dev.racnn.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Every query against every candidate. Principal components serve as lower bounds of the distances, so that most candidates
 * need no look at their full keys; the answer is exact all the same.
 *
 * @param components scanned for every candidate, at most: half of the keys' dimensions, and fewer if fewer keep nearly all of
 *     the variance; half as many more narrow down those that come near. Used for keys of 512 dimensions on, or twice as many
 *     as this if that is less, where there are at least four times as many candidates as components, and these keep nine
 *     tenths of the variance
 * @param seed of what the principal components are computed with
 */
public record Exact(int components, long seed) implements LocalFactory {
    /** Share of the variance that principal components must keep to make the search faster. */
    private static final double WORTHWHILE = 0.9;

    /**
     * Share of the variance from which on more components cost a scan more than they spare it in keys that are read. Of the
     * shipped models' keys, 256 components keep .88 and lead to 700 full keys read for K = 50; 512 keep .98 and lead to 65.
     */
    private static final double ENOUGH = 0.97;

    /** Keys from this width on are searched by their principal components, if nothing else is said. */
    static final int WIDE = 512;

    /** The components that are scanned come in multiples of this, which suits the kernels. */
    private static final int STEP = 64;

    public Exact {
        Approximation.requireRange("components", components, 0, 65_536);
    }

    /** The defaults. */
    public Exact() {
        this(512, 1);
    }

    /** Components of keys of a width that are scanned, at most, if the keys allow it. */
    int scanned(int dimension) {
        return components == 0 || dimension < Math.min(WIDE, 2 * components)
                ? dimension
                : Math.min(components, dimension / 2);
    }

    @Override
    public boolean findsAll() {
        return true;
    }

    @Override
    public IndexFactory forBuilding() {
        return this;
    }

    @Override
    public SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException {
        return ExactSearch.build(keys, source(keys, workers), workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        return ExactSearch.open(keys, KeySource.open(keys, saved), saved, workers);
    }

    private KeySource source(Keys keys, Workers workers) {
        KeySource plain = KeySource.of(keys);
        int most = scanned(keys.dimension());
        if (most == keys.dimension() || keys.size() < 4 * most) {
            return plain;
        }
        PreTransform principal = PreTransform.principal(plain, most + most / 2, seed, workers);
        double[] kept = principal.kept(plain, workers);
        if (kept[kept.length - 1] < WORTHWHILE) {
            return plain;
        }
        int enough = Math.min(STEP, most);
        while (enough < most && kept[enough - 1] < ENOUGH) {
            enough = Math.min(enough + STEP, most);
        }
        return plain.through(principal.first(enough + enough / 2));
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Exact());
    }
}
