package dev.racnn.candidates;

import java.util.List;

/**
 * What all candidates of a set have in common, and which feature extractor their keys and features come from.
 *
 * @param keyDimension d', components of a key, at least 1
 * @param featureDimension d, components of a feature, at least 1
 * @param imageHeight height of a thumbnail in pixels, at least 1
 * @param imageWidth width of a thumbnail in pixels, at least 1
 * @param classNames name of every label, in the order of the labels
 * @param extractorChecksum checksum of the weights of phi and phi' that computed the features and keys; only compared
 */
public record CandidateLayout(
        int keyDimension,
        int featureDimension,
        int imageHeight,
        int imageWidth,
        List<String> classNames,
        String extractorChecksum) {
    /** Channels of a thumbnail: red, green, blue. */
    public static final int CHANNELS = 3;

    public CandidateLayout {
        checkPositive("keyDimension", keyDimension);
        checkPositive("featureDimension", featureDimension);
        checkPositive("imageHeight", imageHeight);
        checkPositive("imageWidth", imageWidth);
        classNames = List.copyOf(classNames);
        if (classNames.isEmpty()) {
            throw new IllegalArgumentException("classNames must name at least one class, but is empty");
        }
    }

    /** The same of another extractor. */
    public CandidateLayout computedBy(String checksum) {
        return new CandidateLayout(keyDimension, featureDimension, imageHeight, imageWidth, classNames, checksum);
    }

    /** Bytes of a thumbnail. */
    public int thumbnailBytes() {
        return CHANNELS * imageHeight * imageWidth;
    }

    /**
     * Checks that a candidate fits.
     *
     * @throws IllegalArgumentException if a length or the label does not fit this layout
     */
    public void check(Candidate candidate) {
        checkLength(candidate, "key", candidate.key().length, keyDimension);
        checkLength(candidate, "feature", candidate.feature().length, featureDimension);
        checkLength(candidate, "thumbnail", candidate.thumbnail().length, thumbnailBytes());
        checkLabel(candidate.id(), candidate.label());
    }

    /**
     * Checks that a label names one of the classes.
     *
     * @throws IllegalArgumentException if it does not
     */
    public void checkLabel(long id, int label) {
        if (label < 0 || label >= classNames.size()) {
            throw new IllegalArgumentException("label of candidate %s must be from 0 to %s, but is %s"
                    .formatted(id, classNames.size() - 1, label));
        }
    }

    private static void checkLength(Candidate candidate, String what, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "%s of candidate %s has %s components, but the candidate set holds %s; was it made by another feature extractor?"
                            .formatted(what, candidate.id(), actual, expected));
        }
    }

    private static void checkPositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " of a candidate set must be at least 1, but is " + value);
        }
    }
}
