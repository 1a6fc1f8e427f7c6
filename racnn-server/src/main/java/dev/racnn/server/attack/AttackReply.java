package dev.racnn.server.attack;

import dev.racnn.attack.Outcome;
import dev.racnn.server.model.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attack on one image.
 *
 * @param label the class that it was to be led away from
 * @param outcome distances, queries, and the adversarial image if there is one
 * @param original pixels in [0, 1], in the order channel, row, column
 * @param before what is said of the original
 * @param after what is said of the adversarial image; null if none was found
 */
public record AttackReply(
        int label,
        Outcome outcome,
        float[] original,
        Verdict before,
        @Nullable Verdict after) {
    /** Whether the model that was attacked had taken the original for another class already. */
    public boolean wrongBefore() {
        return outcome.success() && outcome.linf() == 0;
    }
}
