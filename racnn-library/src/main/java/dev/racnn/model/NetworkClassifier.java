package dev.racnn.model;

import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A plain convolutional classifier: g(phi(x)), the paper's baseline, or g'(phi'(x)), the surrogate of Scenario 2.
 *
 * @param extractor images -> features
 * @param head features -> logits
 * @param classes number of classes
 * @param precision format of the arithmetic
 */
public record NetworkClassifier(Network extractor, Network head, int classes, Precision precision)
        implements Classifier {
    @Override
    public Tensor logits(Tensor images) {
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            Tensor features = extractor.forward(images, Pass.EVALUATION);
            return scope.escape(head.forward(features, Pass.EVALUATION).to(ScalarType.Float));
        }
    }

    @Override
    public void close() {
        extractor.close();
        head.close();
    }
}
