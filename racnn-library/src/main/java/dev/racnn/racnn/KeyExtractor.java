package dev.racnn.racnn;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Network;
import dev.racnn.model.PaperNetworks.FinalMap;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
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
    /** Components of a key. */
    public static int dimension(KeyKind kind, FinalMap map, ImageSize size) {
        return switch (kind) {
            case CONV -> map.keyDimension();
            case PENULTIMATE -> 128;
            case PIXELS -> size.bytes();
        };
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
                case CONV -> phiPrime.forward(images, Pass.EVALUATION);
                case PENULTIMATE ->
                    gPrime.forward(
                            phiPrime.forward(images, Pass.EVALUATION),
                            Pass.EVALUATION,
                            gPrime.layers().size() - 1);
                case PIXELS -> images.flatten(1, -1);
            };
            return scope.escape(keys.to(ScalarType.Float));
        }
    }
}
