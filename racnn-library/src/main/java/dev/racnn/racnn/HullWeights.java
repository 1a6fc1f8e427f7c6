package dev.racnn.racnn;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How a query becomes a point of the convex hull of its neighbours' features: by the weights of these in it. */
@FunctionalInterface
public interface HullWeights {
    /**
     * The weights of the neighbours.
     *
     * @param query phi(x), [B, d]
     * @param neighbours phi(x'_k), [B, K, d]
     * @return float32 [B, K], rows on the simplex
     */
    Tensor weights(Tensor query, Tensor neighbours);

    /** Ways that take the place of the trained attention at answering time. */
    enum Kind {
        /** The trained attention itself. */
        LEARNED,
        /** Attention with the identity for U. */
        IDENTITY,
        /** 1 / K each. */
        UNIFORM,
        /** The nearest point of the hull, see {@link NearestHullPoint}. */
        NEAREST;

        /** {@code learned} and so on. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** These weights in a RaCNN with a trained attention. */
        HullWeights in(ConvexHullProjection trained) {
            return switch (this) {
                case LEARNED -> trained::weights;
                case IDENTITY -> trained::weightsOfIdentity;
                case UNIFORM ->
                    (_, neighbours) -> torch.softmax(
                            torch.zeros_like(neighbours.select(2, 0)).to(ScalarType.Float), 1);
                case NEAREST -> new NearestHullPoint();
            };
        }
    }
}
