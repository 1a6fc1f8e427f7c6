package dev.racnn.data;

import dev.racnn.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * What tells the images of a data set up to some place from those of another one, for somebody who goes through them anyway, so
 * that none is read for it alone; see {@link Fingerprint#sha256}.
 */
public final class RunningFingerprint {
    private static final int AT_ONCE = 1000;

    private final Dataset data;
    private final MessageDigest digest;
    private int next;

    /** @param begin the first image */
    public RunningFingerprint(Dataset data, int begin) {
        this.data = data;
        digest = Sha256.begin();
        digest.update((data.imageSize() + "\n").getBytes(StandardCharsets.UTF_8));
        data.classNames().forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        next = begin;
    }

    /**
     * Goes on by one image, whose pixels the caller has.
     *
     * @param offset where they begin
     */
    public void add(byte[] pixels, int offset) {
        add(checksum(pixels, offset));
    }

    /**
     * Goes on by reading images, many at a time; those that were added already are not read.
     *
     * @param end the image after the last
     * @param done is told now and then, by the calling thread, up to which image all have been looked at
     */
    public void readTo(int end, IntConsumer done) {
        while (next < end) {
            int[] checksums = IntStream.range(next, Math.min(next + AT_ONCE, end))
                    .parallel()
                    .map(image -> {
                        byte[] pixels = new byte[data.imageSize().bytes()];
                        data.pixels(image, pixels, 0);
                        return checksum(pixels, 0);
                    })
                    .toArray();
            for (int checksum : checksums) {
                add(checksum);
            }
            done.accept(next);
        }
    }

    /** Hexadecimal, of all images so far. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every Java can be cloned", e);
        }
    }

    private void add(int checksum) {
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(data.label(next))
                .putInt(checksum)
                .flip());
        next++;
    }

    private int checksum(byte[] pixels, int offset) {
        CRC32C checksum = new CRC32C();
        checksum.update(pixels, offset, data.imageSize().bytes());
        return (int) checksum.getValue();
    }
}
