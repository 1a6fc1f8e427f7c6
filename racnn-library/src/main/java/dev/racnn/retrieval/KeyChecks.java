package dev.racnn.retrieval;

import java.util.Arrays;

/** The rules that keys and queries keep with every engine, and the errors when they do not. */
public final class KeyChecks {
    /** Largest magnitude of a component: squared distances of keys within it do not overflow in float. */
    public static final float LARGEST = 1e16f;

    private KeyChecks() {}

    /** Checks that a set of keys is not empty and that its ids are unique and not negative. */
    public static void requireUsable(Keys keys) {
        if (keys.size() < 1 || keys.dimension() < 1) {
            throw new IllegalArgumentException(
                    "an engine needs at least one candidate and one dimension, but the keys are [%s, %s]"
                            .formatted(keys.size(), keys.dimension()));
        }
        long[] ids = new long[keys.size()];
        Arrays.setAll(ids, keys::id);
        Arrays.sort(ids);
        if (ids[0] < 0) {
            throw new IllegalArgumentException(
                    "candidate ids must not be negative, but %s was given".formatted(ids[0]));
        }
        for (int i = 1; i < ids.length; i++) {
            if (ids[i] == ids[i - 1]) {
                throw new IllegalArgumentException(
                        "candidate ids must be unique, but %s occurs twice; remove one of the two".formatted(ids[i]));
            }
        }
    }

    /** Checks that every component of a candidate's key is finite and of usable magnitude. */
    public static void requireFinite(float[] key, int offset, int dimension, long id) {
        for (int t = 0; t < dimension; t++) {
            if (!(Math.abs(key[offset + t]) <= LARGEST)) {
                throw new IllegalArgumentException(
                        "component %s of the key of candidate %s must be finite and at most %s in magnitude, but is %s"
                                .formatted(t, id, LARGEST, key[offset + t]));
            }
        }
    }

    /**
     * Checks a batch of queries and k.
     *
     * @return number of queries
     */
    public static int requireSearchable(float[] queries, int dimension, int k, int size) {
        if (queries.length % dimension != 0) {
            throw new IllegalArgumentException(
                    "queries must be a whole number of keys of dimension %s, but %s numbers were given; was the index built with another feature extractor?"
                            .formatted(dimension, queries.length));
        }
        if (k < 1 || k > size) {
            throw new IllegalArgumentException("k must be from 1 to the %s candidates, but was %s".formatted(size, k));
        }
        for (int i = 0; i < queries.length; i++) {
            if (!(Math.abs(queries[i]) <= LARGEST)) {
                throw new IllegalArgumentException(
                        "component %s of query %s must be finite and at most %s in magnitude, but is %s"
                                .formatted(i % dimension, i / dimension, LARGEST, queries[i]));
            }
        }
        return queries.length / dimension;
    }

    /** The error of a filter that leaves too few candidates. */
    public static IllegalArgumentException tooFewAccepted(int accepted, int k) {
        return new IllegalArgumentException(
                "the filter accepts %s candidates, fewer than k = %s; ask for fewer neighbours or widen the filter"
                        .formatted(accepted, k));
    }
}
