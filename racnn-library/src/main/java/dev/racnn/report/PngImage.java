package dev.racnn.report;

import dev.racnn.evaluation.Thumbnail;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Thumbnails as PNG, to stand inside a page. */
final class PngImage {
    private PngImage() {}

    /** The image as a {@code data:} address. */
    static String dataUri(Thumbnail thumbnail) {
        int plane = thumbnail.height() * thumbnail.width();
        BufferedImage image = new BufferedImage(thumbnail.width(), thumbnail.height(), BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < plane; p++) {
            int red = Byte.toUnsignedInt(thumbnail.pixels()[p]);
            int green = Byte.toUnsignedInt(thumbnail.pixels()[plane + p]);
            int blue = Byte.toUnsignedInt(thumbnail.pixels()[2 * plane + p]);
            image.setRGB(p % thumbnail.width(), p / thumbnail.width(), red << 16 | green << 8 | blue);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            // A cache file on disk would be the default, which a read-only or full disk refuses.
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
