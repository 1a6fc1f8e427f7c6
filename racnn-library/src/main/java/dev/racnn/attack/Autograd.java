package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Gradients of losses by automatic differentiation. */
public final class Autograd {
    private Autograd() {}

    /**
     * Gradients of losses at some points, from one graph of signals.
     *
     * @param points float32 [n, 3, H, W]
     * @param rows the example of the batch that each point belongs to
     * @param losses at least one
     * @param signals offers signals of a copy of the points
     */
    public static Gradients gradients(Tensor points, int[] rows, List<Loss> losses, Function<Tensor, Signals> signals) {
        try (var scope = Scope.open();
                var _ = new AutoGradMode(true)) {
            Tensor leaf = points.detach();
            leaf.set_requires_grad(true);
            // A copy, since foreign code may write into its input.
            Signals at = signals.apply(leaf.clone());
            List<LossGradient> each = new ArrayList<>();
            for (int i = 0; i < losses.size(); i++) {
                boolean last = i == losses.size() - 1;
                Tensor values = losses.get(i).of(at, rows);
                Tensor gradient = derivative(values, leaf, !last);
                each.add(new LossGradient(scope.escape(values.detach()), scope.escape(gradient)));
            }
            Tensor logits = at.asked(Signal.LOGITS);
            return new Gradients(each, logits == null ? null : scope.escape(logits.detach()));
        }
    }

    private static Tensor derivative(Tensor losses, Tensor input, boolean keepGraph) {
        if (!losses.requires_grad()) {
            return torch.zeros_like(input).detach();
        }
        Tensor gradient = torch.grad(
                        new TensorVector(losses.sum()),
                        new TensorVector(input),
                        new TensorVector(),
                        new BoolOptional(keepGraph),
                        false,
                        true)
                .get(0);
        return gradient.defined()
                ? gradient.detach().contiguous()
                : torch.zeros_like(input).detach();
    }
}
