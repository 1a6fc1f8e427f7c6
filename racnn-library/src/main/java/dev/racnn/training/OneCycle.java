package dev.racnn.training;

/**
 * A learning rate that rises linearly from zero to a peak and falls back to zero along half a cosine.
 *
 * @param peak largest learning rate, positive
 * @param warmup share of the steps that the rise takes, in [0, 1)
 * @param steps total number of steps, at least 1
 */
public record OneCycle(double peak, double warmup, long steps) {
    public OneCycle {
        if (!(peak > 0) || !(warmup >= 0 && warmup < 1) || steps < 1) {
            throw new IllegalArgumentException(
                    "a schedule needs a positive peak, a warm-up in [0, 1) and at least one step, but has peak %s, warm-up %s and %s steps"
                            .formatted(peak, warmup, steps));
        }
    }

    /** The learning rate of a step, counted from 0. */
    public double rate(long step) {
        double done = (step + 0.5) / steps;
        if (done < warmup) {
            return peak * done / warmup;
        }
        return peak * 0.5 * (1 + Math.cos(Math.PI * (done - warmup) / (1 - warmup)));
    }
}
