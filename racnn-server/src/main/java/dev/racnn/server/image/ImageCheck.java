package dev.racnn.server.image;

import dev.racnn.server.image.RefusedImageException.Reason;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an image file has to be before it is decoded: a PNG or a JPEG by its first bytes, of one picture, whole, and of no more
 * pixels than allowed. Reads the structure of the file and allocates nothing that its size does not vouch for.
 *
 * @param largestPixels height times width at most, at least 1
 */
public record ImageCheck(long largestPixels) {
    private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a");
    private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ff");
    private static final int SHOWN_BYTES = 4;

    public ImageCheck {
        if (largestPixels < 1) {
            throw new IllegalArgumentException(
                    "the largest number of pixels must be at least 1, but is " + largestPixels);
        }
    }

    /**
     * Checks a file.
     *
     * @param declaredType media type that the client gave; null if none
     * @throws RefusedImageException if it is not taken
     */
    public void require(byte[] file, @Nullable String declaredType) throws RefusedImageException {
        if (declaredType != null && !isTaken(declaredType)) {
            throw new RefusedImageException(
                    Reason.TYPE, "it is declared as '%s'; send image/png or image/jpeg".formatted(declaredType));
        }
        if (startsWith(file, PNG)) {
            requireSize(PngStructure.read(file));
        } else if (startsWith(file, JPEG)) {
            requireSize(JpegStructure.read(file));
        } else {
            throw new RefusedImageException(
                    Reason.TYPE,
                    file.length == 0
                            ? "it is empty; send a PNG or JPEG file"
                            : "it is neither PNG nor JPEG: it starts with %s; convert it to PNG"
                                    .formatted(HexFormat.ofDelimiter(" ")
                                            .formatHex(file, 0, Math.min(SHOWN_BYTES, file.length))));
        }
    }

    /** Height and width as the file states them. */
    record Size(long height, long width) {}

    private void requireSize(Size size) throws RefusedImageException {
        if (size.height() == 0 || size.width() == 0) {
            throw new RefusedImageException(
                    Reason.DAMAGE, "it states a size of %s x %s pixels".formatted(size.height(), size.width()));
        }
        // Both are below 2^32, but their product need not fit.
        if (size.height() > largestPixels / size.width()) {
            throw new RefusedImageException(
                    Reason.SIZE,
                    "it has %s x %s pixels, but at most %s are taken; scale it down"
                            .formatted(size.height(), size.width(), largestPixels));
        }
    }

    private static boolean isTaken(String type) {
        // What programs send that do not look at the file is no claim about it.
        return switch (type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip()) {
            case "image/png", "image/jpeg", "image/jpg", "application/octet-stream" -> true;
            default -> false;
        };
    }

    private static boolean startsWith(byte[] file, byte[] start) {
        return file.length >= start.length && Arrays.equals(file, 0, start.length, start, 0, start.length);
    }
}
