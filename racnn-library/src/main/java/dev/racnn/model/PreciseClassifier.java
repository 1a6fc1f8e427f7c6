package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A classifier that knows nothing of precision, such as a TorchScript file, computed in one.
 *
 * @param classifier what answers
 * @param precision format of the arithmetic
 */
public record PreciseClassifier(Classifier classifier, Precision precision) implements Classifier {
    @Override
    public Tensor logits(Tensor images) {
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            return scope.escape(classifier.logits(images).to(ScalarType.Float));
        }
    }

    @Override
    public int classes() {
        return classifier.classes();
    }

    @Override
    public Bounds bounds() {
        return classifier.bounds();
    }

    @Override
    public boolean differentiable() {
        return classifier.differentiable();
    }

    @Override
    public boolean deterministic(ImageSize size) {
        return classifier.deterministic(size);
    }

    @Override
    public void close() {
        classifier.close();
    }
}
