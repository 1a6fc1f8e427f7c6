package dev.racnn.data;

import dev.racnn.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * What tells a data set from another one.
 *
 * @param images number of images
 * @param classes number of classes
 * @param sha256 hexadecimal, of the size of the images, the names of the classes, and label and CRC-32C of every image in
 *     order
 */
public record Fingerprint(int images, int classes, String sha256) {
    private static final int REPORT = 1000;
    private static final int SHOWN_DIGITS = 12;

    /**
     * Looks at every image, many at a time; a file that cannot be read comes to light here.
     *
     * @param done is told now and then, by the calling thread, how many images have been looked at
     */
    public static Fingerprint of(Dataset data, IntConsumer done) {
        MessageDigest digest = Sha256.begin();
        digest.update((data.imageSize() + "\n").getBytes(StandardCharsets.UTF_8));
        data.classNames().forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        for (int start = 0; start < data.size(); start += REPORT) {
            int end = Math.min(start + REPORT, data.size());
            int[] checksums = IntStream.range(start, end)
                    .parallel()
                    .map(image -> checksum(data, image))
                    .toArray();
            ByteBuffer words = ByteBuffer.allocate(2 * Integer.BYTES * checksums.length);
            for (int i = 0; i < checksums.length; i++) {
                words.putInt(data.label(start + i)).putInt(checksums[i]);
            }
            digest.update(words.flip());
            done.accept(end);
        }
        return new Fingerprint(
                data.size(), data.classNames().size(), HexFormat.of().formatHex(digest.digest()));
    }

    private static int checksum(Dataset data, int image) {
        byte[] pixels = new byte[data.imageSize().bytes()];
        data.pixels(image, pixels, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(pixels);
        return (int) checksum.getValue();
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
