package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;

/** A loss of logits alone, whatever model they are of. */
@FunctionalInterface
public interface LogitsLoss {
    /**
     * The losses of some logits.
     *
     * @param logits float32 [n, classes]
     * @param rows the example of the batch that each row belongs to; may repeat
     * @return float32 [n]
     */
    Tensor of(Tensor logits, int... rows);

    /** This loss of one of the signals that are logits. */
    default Loss on(Signal logits) {
        return (at, rows) -> of(at.get(logits), rows);
    }
}
