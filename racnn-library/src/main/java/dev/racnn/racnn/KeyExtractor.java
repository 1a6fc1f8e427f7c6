package dev.racnn.racnn;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * phi', the fixed map from an image to its retrieval key (equation 1).
 *
 * @param kind which numbers make the key
 * @param phiPrime the convolutions
 * @param gPrime g', whose last hidden layer {@link KeyKind#PENULTIMATE} takes
 * @param precision format of the arithmetic
 */
public record KeyExtractor(KeyKind kind, Network phiPrime, Network gPrime, Precision precision) {
    /** Components of the key of an image of this size. */
    public int dimension(ImageSize size) {
        if (kind == KeyKind.PIXELS) {
            return size.bytes();
        }
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor image = Tensors.zeros(ScalarType.Float, 1, ImageSize.CHANNELS, size.height(), size.width());
            return (int) keys(image).size(1);
        }
    }

    /**
     * Keys of images.
     *
     * @param images float32 [B, 3, H, W] in [0, 1]
     * @return float32 [B, d']
     */
    public Tensor keys(Tensor images) {
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            Tensor keys = switch (kind) {
                case CONV ->
                    phiPrime.forward(images, Pass.EVALUATION, phiPrime.mapLayers())
                            .flatten(1, -1);
                case PENULTIMATE -> penultimate(phiPrime.forward(images, Pass.EVALUATION));
                case PIXELS -> images.flatten(1, -1);
            };
            return scope.escape(keys.to(ScalarType.Float));
        }
    }

    /**
     * g'(phi'(x)) where the keys are known: mostly they are all that g' is given, so that phi' need not be asked again.
     *
     * @param images float32 [B, 3, H, W] in [0, 1]
     * @param keys of these images
     * @return float32 [B, classes]
     */
    Tensor logits(Tensor images, Tensor keys) {
        boolean whole = kind == KeyKind.CONV
                && phiPrime.layers().stream().skip(phiPrime.mapLayers()).allMatch(Layer.Flatten.class::isInstance);
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            Tensor input = whole ? keys : phiPrime.forward(images, Pass.EVALUATION);
            return scope.escape(gPrime.forward(input, Pass.EVALUATION).to(ScalarType.Float));
        }
    }

    /**
     * Keys of images that pass through phi anyway.
     *
     * @param phi where the features come from; if it is phi', the images pass through it once for both
     * @return float32 features [B, d], connected to {@code images} in the autograd graph, and keys [B, d']
     */
    Passed pass(Network phi, Tensor images) {
        if (phi != phiPrime || kind == KeyKind.PIXELS) {
            return new Passed(phi.forward(images, Pass.EVALUATION, precision), fixedKeys(images));
        }
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            Tensor map = phi.forward(images, Pass.EVALUATION, phi.mapLayers());
            Tensor features = phi.forward(
                            map, Pass.EVALUATION, phi.mapLayers(), phi.layers().size())
                    .to(ScalarType.Float);
            Tensor keys = kind == KeyKind.CONV ? map.flatten(1, -1) : penultimate(features);
            return new Passed(scope.escape(features), scope.escape(keys.to(ScalarType.Float)));
        }
    }

    /**
     * Features and keys of the same images.
     *
     * @param features phi(x), float32 [B, d]
     * @param keys phi'(x), float32 [B, d'], which retrieval passes no gradient to
     */
    public record Passed(Tensor features, Tensor keys) {}

    private Tensor fixedKeys(Tensor images) {
        try (var _ = new NoGradGuard()) {
            return keys(images);
        }
    }

    private Tensor penultimate(Tensor output) {
        return gPrime.forward(output, Pass.EVALUATION, gPrime.layers().size() - 1);
    }
}
