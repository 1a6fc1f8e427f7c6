package dev.racnn.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Every query against every candidate. Principal components serve as lower bounds of the distances, so that most candidates
 * need no look at their full keys; the answer is exact all the same.
 *
 * @param components scanned for every candidate; half as many more narrow down those that come near. Used if the keys have
 *     at least twice as many dimensions, there are at least four times as many candidates, and the components keep nine
 *     tenths of the variance
 * @param seed of what the principal components are computed with
 */
public record Exact(int components, long seed) implements LocalFactory {
    /** Share of the variance that principal components must keep to make the search faster. */
    private static final double WORTHWHILE = 0.9;

    public Exact {
        Approximation.requireRange("components", components, 0, 65_536);
    }

    /** The defaults. */
    public Exact() {
        this(256, 1);
    }

    /** Components of keys of a width that are scanned, if the keys allow it. */
    int scanned(int dimension) {
        return components == 0 || dimension < 2 * components ? dimension : components;
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
        return ExactSearch.build(keys, source(keys, workers), components, workers);
    }

    @Override
    public RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException {
        return ExactSearch.open(keys, KeySource.open(keys, saved), components, saved, workers);
    }

    private KeySource source(Keys keys, Workers workers) {
        KeySource plain = KeySource.of(keys);
        if (scanned(keys.dimension()) == keys.dimension() || keys.size() < 4 * components) {
            return plain;
        }
        PreTransform principal = PreTransform.principal(plain, components + components / 2, seed, workers);
        return principal.kept(plain, workers) < WORTHWHILE ? plain : plain.through(principal);
    }

    @Override
    public String toString() {
        return EngineText.print(this, new Exact());
    }
}
