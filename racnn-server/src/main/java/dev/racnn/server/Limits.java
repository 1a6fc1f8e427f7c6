package dev.racnn.server;

/**
 * How much a client may ask for at once.
 *
 * @param bodyBytes of a request, at least 1
 * @param images in a request, at least 1
 * @param pixels of an image, at least 1
 */
public record Limits(long bodyBytes, int images, long pixels) {
    /** Enough for a photograph of a telephone, or a batch of small images. */
    public static final Limits DEFAULT = new Limits(16 << 20, 64, 25_000_000);

    public Limits {
        requirePositive("the largest body in bytes", bodyBytes);
        requirePositive("the number of images in a request", images);
        requirePositive("the largest number of pixels", pixels);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
    }
}
