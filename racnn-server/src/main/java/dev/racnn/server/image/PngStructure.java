package dev.racnn.server.image;

import dev.racnn.server.image.ImageCheck.Size;
import dev.racnn.server.image.RefusedImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The chunks of a PNG file (PNG specification, third edition, section 5): one picture, ended, and nothing behind it. */
final class PngStructure {
    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;

    private static final int HEADER = letters("IHDR");
    private static final int ANIMATION = letters("acTL");
    private static final int DATA = letters("IDAT");
    private static final int END = letters("IEND");

    private final ByteBuffer file;

    private PngStructure(byte[] file) {
        this.file = ByteBuffer.wrap(file);
    }

    static Size read(byte[] file) throws RefusedImageException {
        return new PngStructure(file).read();
    }

    /**
     * A part of the file.
     *
     * @param data where its content begins
     */
    private record Chunk(int type, int data, int length) {
        /** Behind the content lies a checksum of four bytes, then the next part. */
        int end() {
            return data + length + Integer.BYTES;
        }
    }

    private Size read() throws RefusedImageException {
        Chunk header = chunk(SIGNATURE_BYTES);
        if (header.type() != HEADER || header.length() != HEADER_BYTES) {
            throw damaged("it does not begin with its header");
        }
        boolean hasData = false;
        Chunk chunk = chunk(header.end());
        for (; chunk.type() != END; chunk = chunk(chunk.end())) {
            if (chunk.type() == ANIMATION) {
                throw new RefusedImageException(Reason.TYPE, "it is animated; send one picture");
            }
            if (chunk.type() == HEADER) {
                throw damaged("it has two headers");
            }
            hasData |= chunk.type() == DATA;
        }
        if (!hasData) {
            throw damaged("it has no pixels");
        }
        if (chunk.end() < file.capacity()) {
            throw damaged("%s bytes follow its end; is it two files in one?".formatted(file.capacity() - chunk.end()));
        }
        return new Size(unsigned(header.data() + Integer.BYTES), unsigned(header.data()));
    }

    private Chunk chunk(int offset) throws RefusedImageException {
        int left = file.capacity() - offset - 3 * Integer.BYTES;
        if (left < 0) {
            throw damaged("it breaks off after %s bytes, before its end".formatted(file.capacity()));
        }
        long length = unsigned(offset);
        if (length > left) {
            throw damaged("a part of %s bytes is stated at byte %s, but the file has only %s"
                    .formatted(length, offset, file.capacity()));
        }
        return new Chunk(file.getInt(offset + Integer.BYTES), offset + 2 * Integer.BYTES, (int) length);
    }

    private long unsigned(int offset) {
        return Integer.toUnsignedLong(file.getInt(offset));
    }

    private static RefusedImageException damaged(String how) {
        return new RefusedImageException(Reason.DAMAGE, "it is not a whole PNG: " + how);
    }

    private static int letters(String type) {
        return ByteBuffer.wrap(type.getBytes(StandardCharsets.US_ASCII)).getInt();
    }
}
