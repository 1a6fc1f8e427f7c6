package dev.racnn.data;

import java.io.IOException;

/**
 * How an image of any size becomes one that a model takes.
 *
 * @param imageSize what the model takes
 * @param resize pixels of the short side before the centre of {@code imageSize} is cut out, at least its long side, so that
 *     an image that is smaller is enlarged; with another resampling than {@link Resampling#BILINEAR}, its short side
 * @param resampling how pixels are computed
 */
public record Preprocessing(ImageSize imageSize, int resize, Resampling resampling) {
    /** Pixels that a side may have. */
    public static final int LARGEST = 4096;

    private static final int MOST_ELONGATED = 10_000;

    public Preprocessing {
        int longSide = Math.max(imageSize.height(), imageSize.width());
        int least = resampling == Resampling.BILINEAR ? longSide : shortSide(imageSize);
        int most = resampling == Resampling.BILINEAR ? LARGEST : least;
        if (longSide > LARGEST) {
            throw new IllegalArgumentException("image size must be at most " + LARGEST + " pixels a side, but is "
                    + imageSize + "; the networks of the field take 16 to 512");
        }
        if (resize < least || resize > most) {
            throw new IllegalArgumentException("resize must be from %s to %s with %s and images of %s, but is %s"
                    .formatted(least, most, resampling, imageSize, resize));
        }
    }

    /** How the pixels of the result follow from those of the image. */
    public enum Resampling {
        /**
         * As torchvision's {@code Resize} and {@code CenterCrop} on an image that Pillow read: the short side is brought to
         * {@code resize}, bilinear with antialiasing, then the centre is cut out.
         */
        BILINEAR,
        /**
         * The largest window of the proportions of the image size is cut out about the centre, and every pixel is the average
         * of the area that it covers: what bundles of version 0.1 do, which state nothing else.
         */
        AREA,
        /** Pixels stay as they are: an image of another size is refused. */
        NONE
    }

    /** Resized to the short side of the model's images, as torchvision resizes, and cut to their proportions. */
    public static Preprocessing bilinear(ImageSize imageSize) {
        return new Preprocessing(imageSize, Math.max(imageSize.height(), imageSize.width()), Resampling.BILINEAR);
    }

    /** As {@link Resampling#AREA}. */
    public static Preprocessing area(ImageSize imageSize) {
        return new Preprocessing(imageSize, shortSide(imageSize), Resampling.AREA);
    }

    /** As {@link Resampling#NONE}. */
    public static Preprocessing none(ImageSize imageSize) {
        return new Preprocessing(imageSize, shortSide(imageSize), Resampling.NONE);
    }

    /**
     * The image that the model takes.
     *
     * @return {@code imageSize().bytes()} unsigned bytes in the order channel, row, column
     * @throws IOException if nothing may be resampled and the image has another size
     */
    byte[] apply(RgbImage image) throws IOException {
        ImageSize from = image.size();
        return switch (resampling) {
            case AREA -> AreaResize.resize(image.planes(), from, imageSize);
            case BILINEAR -> bilinear(image, from);
            case NONE -> {
                if (!from.equals(imageSize)) {
                    throw new IOException(
                            "it must be %s, the size of the images beside it, but is %s".formatted(imageSize, from));
                }
                yield image.planes();
            }
        };
    }

    private byte[] bilinear(RgbImage image, ImageSize from) throws IOException {
        int side = shortSide(from);
        if (side < Math.max(from.height(), from.width()) / MOST_ELONGATED) {
            throw new IOException(
                    "it is %s, but one side may be at most %s times the other".formatted(from, MOST_ELONGATED));
        }
        // torchvision computes the long side in whole numbers, and rounds the place of the crop to even.
        int height = (int) ((long) resize * from.height() / side);
        int width = (int) ((long) resize * from.width() / side);
        int top = (int) Math.rint((height - imageSize.height()) / 2.0);
        int left = (int) Math.rint((width - imageSize.width()) / 2.0);
        return BilinearResize.resize(image, new ImageSize(height, width), top, left, imageSize);
    }

    private static int shortSide(ImageSize size) {
        return Math.min(size.height(), size.width());
    }

    @Override
    public String toString() {
        return switch (resampling) {
            case BILINEAR -> "short side " + resize + ", centre " + imageSize + ", bilinear";
            case AREA -> "largest centre, averaged to " + imageSize;
            case NONE -> imageSize + " as they are";
        };
    }
}
