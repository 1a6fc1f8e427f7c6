package dev.racnn.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the rows of a file lie in the picture, as cameras note it in EXIF (tag 274 of TIFF 6.0).
 *
 * @param transposed whether rows of the file are columns of the picture
 * @param backwards whether the lines of the picture are taken from the last one on
 * @param mirrored whether every line of the picture runs from right to left
 */
record Orientation(boolean transposed, boolean backwards, boolean mirrored) {
    /** Rows from top to bottom, pixels from left to right. */
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int TAG = 0x0112;
    private static final int TAG_BYTES = 12;
    private static final int SHORT = 3;

    /** What a file notes; upright if it notes nothing, or nothing that makes sense. */
    static Orientation of(byte[] file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(file);
            return switch (bytes.getShort(0) & 0xFFFF) {
                case 0xFFD8 -> ofJpeg(bytes);
                case 0x8950 -> ofPng(bytes);
                case 0x4949, 0x4D4D -> ofTiff(bytes);
                default -> UPRIGHT;
            };
        } catch (IndexOutOfBoundsException e) {
            // Cameras and programs leave what they like in there; the picture itself is another matter.
            return UPRIGHT;
        }
    }

    private static Orientation ofJpeg(ByteBuffer file) {
        ByteBuffer exif = JpegSegments.find(file, JpegSegments.APP1, "Exif\0\0");
        return exif == null ? UPRIGHT : ofTiff(exif);
    }

    private static Orientation ofPng(ByteBuffer file) {
        ByteBuffer exif = PngChunks.find(file, "eXIf");
        return exif == null ? UPRIGHT : ofTiff(exif);
    }

    /** The first directory: a count, and entries of tag, type, count and value. */
    private static Orientation ofTiff(ByteBuffer block) {
        ByteBuffer tiff = block.order(block.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + i * TAG_BYTES;
            if (tiff.getShort(entry) == TAG && tiff.getShort(entry + 2) == SHORT) {
                return of(tiff.getShort(entry + 8));
            }
        }
        return UPRIGHT;
    }

    private static Orientation of(int value) {
        return switch (value) {
            case 2 -> new Orientation(false, false, true);
            case 3 -> new Orientation(false, true, true);
            case 4 -> new Orientation(false, true, false);
            case 5 -> new Orientation(true, false, false);
            case 6 -> new Orientation(true, false, true);
            case 7 -> new Orientation(true, true, true);
            case 8 -> new Orientation(true, true, false);
            default -> UPRIGHT;
        };
    }

    /** The size of the picture, given that of the file. */
    ImageSize upright(ImageSize stored) {
        return transposed ? new ImageSize(/* height= */ stored.width(), /* width= */ stored.height()) : stored;
    }
}
