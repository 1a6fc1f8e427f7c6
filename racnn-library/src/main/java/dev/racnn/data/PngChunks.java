package dev.racnn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a PNG file: after a signature of eight bytes, each has its length, a type of four letters, content, and the
 * CRC-32 of type and content (W3C, PNG specification, section 5.3).
 */
final class PngChunks {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int TYPE_BYTES = 4;
    private static final String END = "IEND";

    private PngChunks() {}

    static boolean isPng(byte[] file) {
        return file.length >= Long.BYTES && ByteBuffer.wrap(file).getLong() == SIGNATURE;
    }

    /** Checks every checksum up to the last part, which the decoder of the Java runtime does not look at. */
    static void requireWhole(byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file).position(Long.BYTES);
        String type = "";
        while (!type.equals(END)) {
            if (in.remaining() < 3 * Integer.BYTES) {
                throw new IOException("it breaks off after " + file.length + " bytes");
            }
            int length = in.getInt();
            type = type(in, in.position());
            if (length < 0 || length > in.remaining() - TYPE_BYTES - Integer.BYTES) {
                throw new IOException("it breaks off inside its part " + type);
            }
            CRC32 actual = new CRC32();
            actual.update(file, in.position(), TYPE_BYTES + length);
            in.position(in.position() + TYPE_BYTES + length);
            if (in.getInt() != (int) actual.getValue()) {
                throw new IOException("it is damaged: the checksum of its part " + type + " is wrong");
            }
        }
    }

    /** The content of the first part of a type in a whole file; null if there is none. */
    static @Nullable ByteBuffer find(ByteBuffer file, String wanted) {
        int at = Long.BYTES;
        String type = type(file, at + Integer.BYTES);
        while (!type.equals(wanted) && !type.equals(END)) {
            at += Integer.BYTES + TYPE_BYTES + file.getInt(at) + Integer.BYTES;
            type = type(file, at + Integer.BYTES);
        }
        return type.equals(wanted) ? file.slice(at + Integer.BYTES + TYPE_BYTES, file.getInt(at)) : null;
    }

    private static String type(ByteBuffer file, int at) {
        byte[] letters = new byte[TYPE_BYTES];
        file.get(at, letters);
        return new String(letters, StandardCharsets.US_ASCII);
    }
}
