package dev.racnn.retrieval;

import java.util.Set;

/**
 * One retrievable example x' of the candidate set D' (section 2.1): its label, the key phi'(x') that it is found by, the
 * feature phi(x') that is projected on, and a small picture of it. The arrays are not copied; do not change them while
 * the candidate is in use.
 *
 * @param id tells the candidate apart for good; unique in its set, not negative
 * @param label index into the class names of the set
 * @param key phi'(x'), [keyDimension], finite
 * @param feature phi(x'), [featureDimension], finite
 * @param thumbnail unsigned bytes in the order channel (red, green, blue), row, column
 * @param tags free words to filter by, such as where the image came from; often empty
 */
public record Candidate(long id, int label, float[] key, float[] feature, byte[] thumbnail, Set<String> tags) {
    public Candidate {
        if (id < 0) {
            throw new IllegalArgumentException("candidate id must not be negative, but is " + id);
        }
        if (label < 0) {
            throw new IllegalArgumentException("label of candidate " + id + " must not be negative, but is " + label);
        }
        checkFinite("key", id, key);
        checkFinite("feature", id, feature);
        tags = Set.copyOf(tags);
    }

    /** A candidate without tags. */
    public Candidate(long id, int label, float[] key, float[] feature, byte[] thumbnail) {
        this(id, label, key, feature, thumbnail, Set.of());
    }

    /** The same candidate under another label. */
    public Candidate relabelled(int newLabel) {
        return new Candidate(id, newLabel, key, feature, thumbnail, tags);
    }

    private static void checkFinite(String what, long id, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "%s of candidate %d must be finite, but component %d is %s; did the feature extractor diverge?"
                                .formatted(what, id, i, values[i]));
            }
        }
    }
}
