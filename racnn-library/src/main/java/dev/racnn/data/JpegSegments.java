package dev.racnn.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a JPEG file before its compressed data: after a mark of two bytes, each has a marker, a length that counts
 * itself, and content (ITU-T T.81, annex B).
 */
final class JpegSegments {
    /** Where cameras put EXIF. */
    static final int APP1 = 0xE1;

    /** Where it is said what the colour components are. */
    static final int APP14 = 0xEE;

    private static final int START_OF_IMAGE = 0xFFD8;
    private static final int START_OF_SCAN = 0xDA;
    private static final int FILL = 0xFF;

    private JpegSegments() {}

    static boolean isJpeg(ByteBuffer file) {
        return file.limit() >= Short.BYTES && (file.getShort(0) & 0xFFFF) == START_OF_IMAGE;
    }

    /**
     * What follows a name in the first segment that begins with it; null if there is none.
     *
     * @throws IndexOutOfBoundsException if the file breaks off before its compressed data
     */
    static @Nullable ByteBuffer find(ByteBuffer file, int wanted, String name) {
        byte[] start = name.getBytes(StandardCharsets.US_ASCII);
        int at = Short.BYTES;
        int marker = marker(file, at);
        while (marker != START_OF_SCAN) {
            if (marker == FILL) {
                at++;
            } else {
                int length = file.getShort(at + 2) & 0xFFFF;
                int content = at + 2 + Short.BYTES;
                int rest = length - Short.BYTES - start.length;
                if (marker == wanted
                        && rest >= 0
                        && file.slice(content, start.length).equals(ByteBuffer.wrap(start))) {
                    return file.slice(content + start.length, rest);
                }
                at += 2 + length;
            }
            marker = marker(file, at);
        }
        return null;
    }

    private static int marker(ByteBuffer file, int at) {
        return file.get(at) == (byte) FILL ? file.get(at + 1) & 0xFF : START_OF_SCAN;
    }
}
