package dev.racnn.attack.modern;

/** A schedule that falls like half a cosine. */
final class Cosine {
    private Cosine() {}

    /** The value at a step: {@code first} at step 0, nearly {@code last} at the last of {@code steps}. */
    static double between(double first, double last, int step, int steps) {
        return last + (first - last) * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
}
