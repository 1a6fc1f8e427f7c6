package dev.racnn.candidates;

import dev.racnn.retrieval.KeyChecks;
import java.util.Set;

/**
 * One retrievable example x' of the candidate set D' (section 2.1): its label, the key phi'(x') that it is found by, the
 * feature phi(x') that is projected on, and a small picture of it. The arrays are not copied; do not change them while
 * the candidate is in use.
 *
 * @param id tells the candidate apart for good; unique in its set, from 0 to 2^62
 * @param label index into the class names of the set
 * @param key phi'(x'), [keyDimension], finite, at most 1e16 in magnitude, so that distances are finite too
 * @param feature phi(x'), [featureDimension], finite
 * @param thumbnail unsigned bytes in the order channel (red, green, blue), row, column
 * @param tags free words to filter by, such as where the image came from; often empty
 */
public record Candidate(long id, int label, float[] key, float[] feature, byte[] thumbnail, Set<String> tags) {
    /** Leaves room for ids above it that are still free. */
    private static final long LARGEST_ID = 1L << 62;

    public Candidate {
        if (id < 0 || id > LARGEST_ID) {
            throw new IllegalArgumentException("candidate id must be from 0 to 2^62, but is " + id);
        }
        if (label < 0) {
            throw new IllegalArgumentException("label of candidate " + id + " must not be negative, but is " + label);
        }
        checkMagnitude("key", id, key, KeyChecks.LARGEST);
        checkMagnitude("feature", id, feature, Float.MAX_VALUE);
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

    private static void checkMagnitude(String what, long id, float[] values, float largest) {
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= largest)) {
                throw new IllegalArgumentException(
                        "%s of candidate %s must be finite and at most %s in magnitude, but component %s is %s; did the feature extractor diverge?"
                                .formatted(what, id, largest, i, values[i]));
            }
        }
    }
}
