package dev.racnn.evaluation;

/**
 * A small colour image.
 *
 * @param height in pixels
 * @param width in pixels
 * @param pixels {@code 3 * height * width} unsigned bytes in the order channel (red, green, blue), row, column
 */
public record Thumbnail(int height, int width, byte[] pixels) {
    public Thumbnail {
        if (pixels.length != 3 * height * width) {
            throw new IllegalArgumentException("pixels of a thumbnail of %sx%s must be %s bytes, but are %s"
                    .formatted(height, width, 3 * height * width, pixels.length));
        }
    }
}
