package dev.racnn.attack.autoattack;

import dev.racnn.data.ImageSize;
import java.util.random.RandomGenerator;

/** How {@link Square} begins and goes on in one norm. Images are pixels in the order channel, row, column. */
sealed interface SquareMoves permits SignSquares, PyramidSquares {
    /** A first point of the ball, within the bounds. */
    float[] start(float[] original, RandomGenerator random);

    /**
     * Another point of the ball, within the bounds, that differs from the best so far in one square (or two).
     *
     * @param share of the pixels that the square covers
     */
    float[] propose(float[] original, float[] best, double share, RandomGenerator random);

    /** The side of a square that covers this share of the pixels, at least {@code least} and no longer than the image. */
    static int side(ImageSize size, double share, int least) {
        int side = Math.max((int) Math.rint(Math.sqrt(share * size.height() * size.width())), least);
        return Math.min(side, Math.min(size.height(), size.width()));
    }

    /** 1 or -1. */
    static int sign(RandomGenerator random) {
        return random.nextBoolean() ? 1 : -1;
    }
}
