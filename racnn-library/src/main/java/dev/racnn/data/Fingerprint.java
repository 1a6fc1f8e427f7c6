package dev.racnn.data;

import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * What tells a data set from another one.
 *
 * @param images number of images
 * @param classes number of classes
 * @param sha256 hexadecimal, of the size of the images, the names of the classes, and label and CRC-32C of every image in
 *     order
 */
public record Fingerprint(int images, int classes, String sha256) {
    private static final int SHOWN_DIGITS = 12;

    /**
     * Looks at every image, many at a time; a file that cannot be read comes to light here.
     *
     * @param done is told now and then, by the calling thread, how many images have been looked at
     */
    public static Fingerprint of(Dataset data, IntConsumer done) {
        RunningFingerprint all = new RunningFingerprint(data, 0);
        all.readTo(data.size(), done);
        return new Fingerprint(data.size(), data.classNames().size(), all.sha256());
    }

    /** For error messages; the checksum is shortened. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d images of %d classes, SHA-256 %s",
                images,
                classes,
                sha256.substring(0, Math.min(SHOWN_DIGITS, sha256.length())));
    }
}
