package dev.racnn.attack.modern;

import dev.racnn.data.ImageSize;
import java.util.random.RandomGenerator;

/** Waves over the channels of an image: the basis of the discrete cosine transform, orthonormal, the slow ones at the low frequencies. */
final class Cosines {
    private final ImageSize size;
    private final double[][] vertical;
    private final double[][] horizontal;

    Cosines(ImageSize size) {
        this.size = size;
        this.vertical = waves(size.height());
        this.horizontal = waves(size.width());
    }

    /** For each frequency its values, together of length 1. */
    private static double[][] waves(int n) {
        double[][] waves = new double[n][n];
        for (int frequency = 0; frequency < n; frequency++) {
            double scale = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / n);
            for (int i = 0; i < n; i++) {
                waves[frequency][i] = scale * Math.cos(Math.PI * (i + 0.5) * frequency / n);
            }
        }
        return waves;
    }

    /** Whether both frequencies of a wave are in the lower half. */
    boolean isSlow(int number) {
        int within = number % area();
        return within / size.width() < size.height() / 2 && within % size.width() < size.width() / 2;
    }

    /**
     * One wave, as an image.
     *
     * @param number channel, vertical and horizontal frequency, as pixels are numbered
     */
    double[] wave(int number) {
        double[] image = new double[size.bytes()];
        double[] down = vertical[number % area() / size.width()];
        double[] across = horizontal[number % size.width()];
        int channel = number / area();
        for (int i = 0; i < area(); i++) {
            image[channel * area() + i] = down[i / size.width()] * across[i % size.width()];
        }
        return image;
    }

    /** A sum of waves below some frequency in both directions, with normal weights. */
    double[] mixture(int frequencies, RandomGenerator random) {
        int rows = Math.min(frequencies, size.height());
        int columns = Math.min(frequencies, size.width());
        double[] image = new double[size.bytes()];
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            for (int row = 0; row < rows; row++) {
                double[] line = new double[size.width()];
                for (int column = 0; column < columns; column++) {
                    double weight = random.nextGaussian();
                    for (int i = 0; i < line.length; i++) {
                        line[i] += weight * horizontal[column][i];
                    }
                }
                for (int i = 0; i < area(); i++) {
                    image[channel * area() + i] += vertical[row][i / size.width()] * line[i % size.width()];
                }
            }
        }
        return image;
    }

    private int area() {
        return size.height() * size.width();
    }
}
