package dev.racnn.report;

import dev.racnn.evaluation.Thumbnail;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pixels as PNG, for pages. */
public final class PngImage {
    private PngImage() {}

    /** The image as a {@code data:} address, to stand inside a page. */
    static String dataUri(Thumbnail thumbnail) {
        return "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png(thumbnail.pixels(), thumbnail.height(), thumbnail.width()));
    }

    /**
     * As a PNG file.
     *
     * @param pixels 3 x height x width unsigned bytes in the order channel (red, green, blue), row, column
     */
    public static byte[] png(byte[] pixels, int height, int width) {
        int plane = height * width;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < plane; p++) {
            int red = Byte.toUnsignedInt(pixels[p]);
            int green = Byte.toUnsignedInt(pixels[plane + p]);
            int blue = Byte.toUnsignedInt(pixels[2 * plane + p]);
            image.setRGB(p % width, p / width, red << 16 | green << 8 | blue);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            // A cache file on disk would be the default, which a read-only or full disk refuses.
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
