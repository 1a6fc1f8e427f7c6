package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;

/** What an attacker climbs: one differentiable number for each point, from any signals that the gradient path offers. */
@FunctionalInterface
public interface Loss {
    /**
     * The losses of a batch.
     *
     * @param at the points
     * @param rows the example of the batch that each point belongs to; may repeat
     * @return float32 [n]; element i must depend on point i alone
     */
    Tensor of(Signals at, int... rows);
}
