package dev.racnn.racnn;

import dev.racnn.retrieval.CandidateSet;
import java.util.OptionalInt;

/**
 * The candidates of a set by their ids, as retrieval engines return them.
 *
 * @param set D' with features, labels and thumbnails
 */
public record StoredCandidates(CandidateSet set) implements CandidateFeatures {
    @Override
    public int featureDimension() {
        return set.layout().featureDimension();
    }

    @Override
    public void copyFeature(long id, float[] target, int offset) {
        set.copyFeature(row(id), target, offset);
    }

    /** The label of a candidate. */
    public int label(long id) {
        return set.label(row(id));
    }

    /** The image of a candidate: unsigned bytes in the order channel, row, column. */
    public byte[] thumbnail(long id) {
        byte[] pixels = new byte[set.layout().thumbnailBytes()];
        set.copyThumbnail(row(id), pixels, 0);
        return pixels;
    }

    private int row(long id) {
        OptionalInt row = set.rowOf(id);
        return row.orElseThrow(() -> new IllegalArgumentException(
                "candidate %d is not in the candidate set; was the index built over another set?".formatted(id)));
    }
}
