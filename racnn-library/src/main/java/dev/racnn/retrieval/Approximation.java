package dev.racnn.retrieval;

/**
 * What the approximate engines have in common: the keys, or fewer dimensions of them, are searched for candidates, which are
 * ranked by the full keys.
 *
 * @param project dimension of the random projection that is searched in place of the keys, or 0 for none
 * @param components principal components that are searched, or 0 for none; keys of no more dimensions are searched themselves
 * @param shortlist candidates that are selected for a query, at least
 * @param seed of the projection and of everything else that is drawn
 */
public record Approximation(int project, int components, int shortlist, long seed) {
    public Approximation {
        requireRange("project", project, 0, 65_536);
        requireRange("components", components, 0, 65_536);
        if (project > 0 && components > 0) {
            throw new IllegalArgumentException(
                    "settings project and components exclude each other, but are %s and %s; leave one of them out"
                            .formatted(project, components));
        }
        requireRange("shortlist", shortlist, 1, 1 << 24);
    }

    /** The keys themselves. */
    public static Approximation ofKeys(int shortlist) {
        return new Approximation(0, 0, shortlist, 1);
    }

    /** The same with another number of candidates. */
    public Approximation withShortlist(int other) {
        return new Approximation(project, components, other, seed);
    }

    /** The same with another seed. */
    Approximation withSeed(long other) {
        return new Approximation(project, components, shortlist, other);
    }

    /** The keys as they are searched. */
    KeySource source(Keys keys, Workers workers) {
        KeySource plain = KeySource.of(keys);
        if (project > 0) {
            return plain.through(PreTransform.random(keys.dimension(), project, seed));
        }
        return components == 0 || components >= keys.dimension()
                ? plain
                : plain.through(PreTransform.principal(plain, components, seed, workers));
    }

    static void requireRange(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "setting %s must be from %s to %s, but was %s".formatted(setting, least, most, value));
        }
    }
}
