package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Images shrunken to at least nine tenths and put somewhere on a black ground of their old size (Xie et al., 2019), each in its own way or
 * not at all: the pixel of each place, by the nearest neighbour.
 *
 * @param sources for each pixel of each plane where it comes from, int64 [n, 1, H * W]
 * @param shown 1 where a pixel of the image is shown and 0 on the ground, float32 [n, 1, H * W]
 */
record Diversity(Tensor sources, Tensor shown) {
    private static final double SMALLEST = 0.9;

    /** Draws one for each row, from its own random numbers. */
    static Diversity draw(AttackBatch batch, double often, int... rows) {
        int height = batch.imageSize().height();
        int width = batch.imageSize().width();
        int size = height * width;
        long[] sources = new long[rows.length * size];
        float[] shown = new float[sources.length];
        for (int i = 0; i < rows.length; i++) {
            RandomGenerator random = batch.random(rows[i]);
            boolean changed = random.nextDouble() < often;
            double scale = changed ? SMALLEST + (1 - SMALLEST) * random.nextDouble() : 1;
            int smallHeight = Math.max(1, (int) (scale * height));
            int smallWidth = Math.max(1, (int) (scale * width));
            int top = random.nextInt(height - smallHeight + 1);
            int left = random.nextInt(width - smallWidth + 1);
            for (int y = top; y < top + smallHeight; y++) {
                for (int x = left; x < left + smallWidth; x++) {
                    int at = i * size + y * width + x;
                    int row = (y - top) * height / smallHeight;
                    int column = (x - left) * width / smallWidth;
                    sources[at] = (long) row * width + column;
                    shown[at] = 1;
                }
            }
        }
        return new Diversity(Tensors.of(sources, rows.length, 1, size), Tensors.of(shown, rows.length, 1, size));
    }

    /** The images as they are seen: [n, 3, H, W]. */
    Tensor of(Tensor images) {
        Tensor flat = images.flatten(2, -1);
        return flat.gather(2, sources.expand(Tensors.shape(flat))).mul(shown).view_as(images);
    }

    /** Gradients with respect to the images from those with respect to what is seen. */
    Tensor back(Tensor gradients) {
        Tensor flat = gradients.flatten(2, -1);
        return torch.zeros_like(flat)
                .scatter_add(2, sources.expand(Tensors.shape(flat)), flat.mul(shown))
                .view_as(gradients);
    }
}
