package dev.racnn.attack;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What an attacker climbs: one differentiable number for each point. */
@FunctionalInterface
public interface Loss {
    /** Cross-entropy between the softmax of the logits and the label. */
    Loss CROSS_ENTROPY = (logits, labels) -> torch.log_softmax(logits, 1)
            .gather(1, labels.unsqueeze(1))
            .squeeze(1)
            .neg();

    /**
     * The losses of a batch.
     *
     * @param logits float32 [n, classes], part of an autograd graph
     * @param labels int64 [n], classes whose meaning (true class, target) the attack decides
     * @return float32 [n]; element i must depend on row i alone
     */
    Tensor of(Tensor logits, Tensor labels);
}
