package dev.racnn.bench;

import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.tensor.Seed;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Images that show nothing, made from a seed. */
final class MadeUpImages {
    private static final int WAVES = 4;

    /** The colour of one pixel in each channel, in [0, 1]. */
    @FunctionalInterface
    private interface Painter {
        double[] colour(double x, double y);
    }

    private MadeUpImages() {}

    /** Every value of every pixel is drawn on its own. */
    static Dataset noise(ImageSize size, int count, Seed seed) {
        SplittableRandom random = seed.derive("noise").random();
        return images(
                size,
                count,
                () -> (_, _) -> new double[] {random.nextDouble(), random.nextDouble(), random.nextDouble()});
    }

    /** Sums of four plane waves of random direction, length and colour. */
    static Dataset textures(ImageSize size, int count, Seed seed) {
        SplittableRandom random = seed.derive("textures").random();
        return images(size, count, () -> waves(random));
    }

    private static Painter waves(SplittableRandom random) {
        double[][] waves = new double[WAVES][];
        for (int i = 0; i < WAVES; i++) {
            double direction = random.nextDouble(2 * Math.PI);
            // From half a wave across the image to eight.
            double frequency = Math.PI * Math.pow(2, random.nextDouble(4));
            waves[i] = new double[] {
                frequency * Math.cos(direction),
                frequency * Math.sin(direction),
                random.nextDouble(2 * Math.PI),
                random.nextDouble(),
                random.nextDouble(),
                random.nextDouble()
            };
        }
        return (x, y) -> {
            double[] colour = {0.5, 0.5, 0.5};
            for (double[] wave : waves) {
                double height = Math.sin(wave[0] * x + wave[1] * y + wave[2]);
                for (int channel = 0; channel < colour.length; channel++) {
                    colour[channel] += wave[3 + channel] * height / WAVES;
                }
            }
            return colour;
        };
    }

    private static Dataset images(ImageSize size, int count, Supplier<Painter> painters) {
        int plane = size.height() * size.width();
        byte[] pixels = new byte[count * size.bytes()];
        for (int image = 0; image < count; image++) {
            Painter painter = painters.get();
            for (int i = 0; i < plane; i++) {
                int row = i / size.width();
                int column = i % size.width();
                double[] colour = painter.colour((double) column / size.width(), (double) row / size.height());
                for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                    pixels[image * size.bytes() + channel * plane + i] =
                            (byte) Math.round(255 * Math.clamp(colour[channel], 0, 1));
                }
            }
        }
        return new InMemoryDataset(size, List.of("nothing"), new int[count], pixels);
    }
}
