package dev.racnn.attack.modern;

import dev.racnn.attack.OpenRows;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Where losses have stopped coming down: after each tenth of the steps, the examples leave whose loss is no lower than before. */
final class Plateau {
    /** The share of what it was that a loss must have come down to. */
    private static final double PROGRESS = 0.9999;

    private final int interval;
    private final double[] lossAtCheck;

    Plateau(int examples, int steps) {
        this.interval = Math.ceilDiv(steps, 10);
        this.lossAtCheck = new double[examples];
        Arrays.fill(lossAtCheck, Double.POSITIVE_INFINITY);
    }

    /**
     * Looks at the losses, if it is time.
     *
     * @param step that has been taken, from 0
     * @param losses of the open examples before it
     */
    void leave(OpenRows open, int step, double... losses) {
        if (step % interval != 0) {
            return;
        }
        int[] rows = open.rows();
        open.keep(IntStream.range(0, rows.length)
                .filter(i -> losses[i] <= PROGRESS * lossAtCheck[rows[i]])
                .toArray());
        for (int i = 0; i < rows.length; i++) {
            lossAtCheck[rows[i]] = losses[i];
        }
    }
}
