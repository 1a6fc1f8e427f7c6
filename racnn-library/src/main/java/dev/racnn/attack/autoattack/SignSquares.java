package dev.racnn.attack.autoattack;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import java.util.random.RandomGenerator;

/**
 * Moves of {@link Square} for the largest difference: every pixel stays at a corner of the ball. Begins with vertical
 * stripes, goes on with squares of one random sign for each channel.
 */
record SignSquares(ImageSize size, Bounds bounds, double epsilon) implements SquareMoves {
    @Override
    public float[] start(float[] original, RandomGenerator random) {
        float[] point = new float[original.length];
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            for (int column = 0; column < size.width(); column++) {
                int sign = SquareMoves.sign(random);
                for (int row = 0; row < size.height(); row++) {
                    shift(original, point, index(channel, row, column), sign);
                }
            }
        }
        return point;
    }

    @Override
    public float[] propose(float[] original, float[] best, double share, RandomGenerator random) {
        int side = SquareMoves.side(size, share, 1);
        int top = random.nextInt(size.height() - side + 1);
        int left = random.nextInt(size.width() - side + 1);
        float[] point = best.clone();
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            int sign = SquareMoves.sign(random);
            for (int row = top; row < top + side; row++) {
                for (int column = left; column < left + side; column++) {
                    shift(original, point, index(channel, row, column), sign);
                }
            }
        }
        return point;
    }

    private void shift(float[] original, float[] point, int i, int sign) {
        point[i] = bounds.clip(original[i] + sign * epsilon);
    }

    private int index(int channel, int row, int column) {
        return (channel * size.height() + row) * size.width() + column;
    }
}
