package dev.racnn.data;

import dev.racnn.tensor.Seed;
import java.util.SplittableRandom;

/**
 * Random crops of a reflected border, and mirror images, of training images: the image is padded by reflection, a window
 * of the old size is cut out at a random place and mirrored left to right half of the time.
 *
 * <p>The draw depends on {@code (seed, epoch, index)} alone, not on the order or the thread in which images are asked
 * for, so that a resumed training sees the same images as an uninterrupted one.
 *
 * @param seed any number; different seeds draw independently
 * @param padding pixels reflected at each side, at least 0; the edge itself is not repeated, so an image must be larger
 * @param mirror whether to mirror half of the images
 */
public record Augmentation(long seed, int padding, boolean mirror) {
    private static final int BORDER = 8;

    public Augmentation {
        if (padding < 0) {
            throw new IllegalArgumentException("padding must be at least 0, but is " + padding);
        }
    }

    /**
     * What small images are commonly trained with: windows from a border of an eighth of the side (four pixels for CIFAR-10),
     * mirrored half of the time.
     */
    public static Augmentation cropAndMirror(long seed, ImageSize size) {
        return new Augmentation(seed, Math.min(size.height(), size.width()) / BORDER, true);
    }

    /**
     * Writes the version of an image that an epoch shows.
     *
     * @param epoch which pass over the data, any number
     * @param index which image, any number
     * @param image {@code size.bytes()} bytes from {@code imageOffset}, channel by channel, row by row
     * @param target takes {@code size.bytes()} bytes from {@code targetOffset}; must not overlap the image
     * @throws IllegalArgumentException if the image is not larger than the padding
     */
    public void apply(
            long epoch, long index, ImageSize size, byte[] image, int imageOffset, byte[] target, int targetOffset) {
        int height = size.height();
        int width = size.width();
        if (padding >= height || padding >= width) {
            throw new IllegalArgumentException("padding by reflection must be smaller than the image of " + size
                    + ", but is " + padding + "; choose a smaller padding");
        }
        SplittableRandom random = new Seed(seed).derive(epoch).derive(index).random();
        int shifts = 2 * padding + 1;
        int down = random.nextInt(shifts) - padding;
        int right = random.nextInt(shifts) - padding;
        boolean mirrored = mirror && random.nextBoolean();

        int[] columns = new int[width];
        for (int x = 0; x < width; x++) {
            columns[mirrored ? width - 1 - x : x] = reflect(x + right, width);
        }
        int write = targetOffset;
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            for (int y = 0; y < height; y++) {
                int row = imageOffset + (channel * height + reflect(y + down, height)) * width;
                for (int x = 0; x < width; x++) {
                    target[write++] = image[row + columns[x]];
                }
            }
        }
    }

    /** The pixel shown at a place up to {@code length - 1} outside: the one as far inside of the edge. */
    private static int reflect(int place, int length) {
        int fromStart = Math.abs(place);
        return fromStart < length ? fromStart : 2 * (length - 1) - fromStart;
    }
}
