package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;

/**
 * What the attacked classifier said about a batch of points.
 *
 * @param logits float32 [n, classes], detached
 * @param adversarial whether point i meets the criterion and, where the attack has a budget, lies within it
 */
public record Decisions(Tensor logits, boolean[] adversarial) {
    /** The first of the largest logits. */
    public static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
