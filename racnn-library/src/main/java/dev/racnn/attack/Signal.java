package dev.racnn.attack;

/**
 * Something that a gradient path can tell of points, such as logits, features, or distances to candidates. Paths offer what
 * they know, losses ask for what they need.
 *
 * @param name for messages; the same name is the same signal
 */
public record Signal(String name) {
    /** The logits that the path differentiates: float32 [n, classes]. */
    public static final Signal LOGITS = new Signal("logits");

    @Override
    public String toString() {
        return name;
    }
}
