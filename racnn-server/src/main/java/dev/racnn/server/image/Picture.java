package dev.racnn.server.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * Pixels that can be shown.
 *
 * @param pixels unsigned bytes in the order channel (red, green, blue), row, column
 * @param height in pixels
 * @param width in pixels
 */
public record Picture(byte[] pixels, int height, int width) {
    public Picture {
        if (pixels.length != 3 * height * width) {
            throw new IllegalArgumentException("a picture of %s x %s pixels has %s bytes, but there are %s"
                    .formatted(height, width, 3 * height * width, pixels.length));
        }
    }

    /** As a PNG file. */
    public byte[] png() {
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
