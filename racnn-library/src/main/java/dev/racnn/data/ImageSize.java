package dev.racnn.data;

/**
 * Height and width in pixels of a three-channel image.
 *
 * @param height at least 1
 * @param width at least 1
 */
public record ImageSize(int height, int width) {
    /** Channels of every image: red, green, blue. */
    public static final int CHANNELS = 3;

    public ImageSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("image size must be positive, but is " + height + "x" + width);
        }
    }

    /** Bytes of an image with one byte for each channel of each pixel. */
    public int bytes() {
        return CHANNELS * height * width;
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
