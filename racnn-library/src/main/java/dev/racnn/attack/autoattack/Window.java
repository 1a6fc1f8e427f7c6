package dev.racnn.attack.autoattack;

import dev.racnn.data.ImageSize;
import java.util.Arrays;

/**
 * A square part of one channel of an image.
 *
 * @param size of the whole image
 * @param channel which channel
 * @param top first row
 * @param left first column
 * @param side number of rows and columns
 */
record Window(ImageSize size, int channel, int top, int left, int side) {
    /** What the image holds there. */
    double[][] copy(double[] image) {
        double[][] values = new double[side][];
        for (int i = 0; i < side; i++) {
            values[i] = Arrays.copyOfRange(image, start(i), start(i) + side);
        }
        return values;
    }

    /** Sets everything there to zero. */
    void clear(double[] image) {
        for (int i = 0; i < side; i++) {
            Arrays.fill(image, start(i), start(i) + side, 0);
        }
    }

    /** Adds a multiple of some values. */
    void add(double[] image, double[][] values, double factor) {
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                image[start(i) + j] += factor * values[i][j];
            }
        }
    }

    private int start(int row) {
        return (channel * size.height() + top + row) * size.width() + left;
    }
}
