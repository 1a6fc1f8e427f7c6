package dev.racnn.attack;

import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Gradients by automatic differentiation through a classifier.
 *
 * <p>Logits that do not depend on the images as far as autograd can see (a layer that cuts the graph) have gradient zero.
 */
final class AutogradPath implements GradientPath {
    private final Classifier classifier;
    private final String name;

    AutogradPath(Classifier classifier, String name) {
        if (!classifier.differentiable()) {
            throw new IllegalArgumentException("gradient path '" + name
                    + "' needs a differentiable classifier, but this one has no gradients; use a decision-based attack"
                    + " or a surrogate");
        }
        this.classifier = classifier;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean answersFor(Classifier target) {
        return classifier.equals(target);
    }

    @Override
    public List<LossGradient> gradients(Tensor points, List<Tensor> labels, Loss loss) {
        try (var scope = Scope.open();
                var _ = new AutoGradMode(true)) {
            Tensor input = points.detach();
            input.set_requires_grad(true);
            Tensor logits = classifier.logits(input).to(ScalarType.Float);
            Tensor plainLogits = scope.escape(logits.detach());
            List<LossGradient> results = new ArrayList<>();
            for (int i = 0; i < labels.size(); i++) {
                boolean last = i == labels.size() - 1;
                Tensor losses = loss.of(logits, labels.get(i));
                Tensor gradient = derivative(losses, input, !last);
                results.add(new LossGradient(plainLogits, scope.escape(losses.detach()), scope.escape(gradient)));
            }
            return results;
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
