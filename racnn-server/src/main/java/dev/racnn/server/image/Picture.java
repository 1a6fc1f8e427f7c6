package dev.racnn.server.image;

import dev.racnn.report.PngImage;

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
        return PngImage.png(pixels, height, width);
    }
}
