package dev.racnn.server.image;

import dev.racnn.server.image.ImageCheck.Size;
import dev.racnn.server.image.RefusedImageException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a JPEG file (ITU T.81, annex B): one picture of stated size, ended. What follows the end is not looked at and
 * not decoded: telephones put previews and depth there.
 */
final class JpegStructure {
    /** Every scan of a progressive picture is a pass over all its pixels; encoders make about ten. */
    private static final int MOST_SCANS = 64;

    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int FIRST_FRAME = 0xC0;
    private static final int LAST_FRAME = 0xCF;

    private final byte[] file;
    private int offset = 2;

    private JpegStructure(byte[] file) {
        this.file = file;
    }

    static Size read(byte[] file) throws RefusedImageException {
        return new JpegStructure(file).read();
    }

    private Size read() throws RefusedImageException {
        Size size = null;
        int scans = 0;
        while (true) {
            int marker = marker();
            if (marker == END_OF_IMAGE) {
                if (scans == 0) {
                    throw damaged("it has no pixels");
                }
                return requireSize(size);
            }
            int begin = offset;
            int length = number(begin);
            if (length < 2 || length > file.length - begin) {
                throw damaged("a part of %s bytes is stated at byte %s, but the file has only %s"
                        .formatted(length, begin, file.length));
            }
            offset = begin + length;
            if (isFrame(marker)) {
                if (size != null || length < 8) {
                    throw damaged("its size is stated twice or not whole");
                }
                size = new Size(number(begin + 3), number(begin + 5));
            } else if (marker == START_OF_SCAN) {
                requireSize(size);
                if (++scans > MOST_SCANS) {
                    throw damaged("it has more than %s passes over its pixels".formatted(MOST_SCANS));
                }
                skipPixels();
            }
        }
    }

    private Size requireSize(@Nullable Size size) throws RefusedImageException {
        if (size == null) {
            throw damaged("it does not state its size");
        }
        return size;
    }

    /** C4, C8 and CC lie between the frames but are tables and extensions. */
    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME && marker <= LAST_FRAME && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** The next marker, which any number of FF may precede. */
    private int marker() throws RefusedImageException {
        if (at(offset) != 0xFF) {
            throw damaged("byte %s should begin a part, but is %02x".formatted(offset, at(offset)));
        }
        while (at(offset) == 0xFF) {
            offset++;
        }
        return at(offset++);
    }

    /** Goes to the marker behind a scan: FF followed by neither 00, which stands for FF itself, nor a restart. */
    private void skipPixels() throws RefusedImageException {
        while (true) {
            if (at(offset) == 0xFF) {
                int next = at(offset + 1);
                if (next != 0 && (next < 0xD0 || next > 0xD7)) {
                    return;
                }
            }
            offset++;
        }
    }

    private int number(int position) throws RefusedImageException {
        return at(position) << 8 | at(position + 1);
    }

    private int at(int position) throws RefusedImageException {
        if (position >= file.length) {
            throw damaged("it breaks off after %s bytes, before its end".formatted(file.length));
        }
        return file[position] & 0xFF;
    }

    private static RefusedImageException damaged(String how) {
        return new RefusedImageException(Reason.DAMAGE, "it is not a whole JPEG: " + how);
    }
}
