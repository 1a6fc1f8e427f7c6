package dev.racnn.racnn;

import dev.racnn.retrieval.CandidateSnapshot;

/**
 * One state of the candidate set D' as models and reports read it.
 *
 * @param set D' with features, labels and thumbnails
 */
public record StoredCandidates(CandidateSnapshot set) implements CandidateFeatures {
    @Override
    public int featureDimension() {
        return set.layout().featureDimension();
    }

    @Override
    public void copyFeature(long id, float[] target, int offset) {
        set.copyFeature(id, target, offset);
    }

    /** The label of a candidate. */
    public int label(long id) {
        return set.label(id);
    }

    /** The image of a candidate: unsigned bytes in the order channel, row, column. */
    public byte[] thumbnail(long id) {
        return set.candidate(id).thumbnail();
    }
}
