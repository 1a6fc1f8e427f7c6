package dev.racnn.racnn;

/** phi(x') of every candidate, as the projection needs it. */
public interface CandidateFeatures {
    /** Components d of a feature. */
    int featureDimension();

    /**
     * Copies the feature of a candidate.
     *
     * @param id a candidate that the retrieval engine returned
     * @param target at least {@code offset + featureDimension()} long
     */
    void copyFeature(long id, float[] target, int offset);
}
