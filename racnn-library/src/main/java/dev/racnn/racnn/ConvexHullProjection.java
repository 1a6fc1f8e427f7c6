package dev.racnn.racnn;

import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The trainable projection P of section 2.2: attention weights over the neighbours' features, and their convex sum.
 *
 * <p>beta_k = phi(x'_k)^T U phi(x), alpha = softmax(beta), P(x) = sum_k alpha_k phi(x'_k).
 */
public final class ConvexHullProjection implements AutoCloseable {
    private static final String U = "u";
    /** Cosines lie in [-1, 1]; times this they can single out a neighbour. */
    private static final double COSINE_SCALE = 8;

    private final Attention attention;
    private final int dimension;
    private final Network u;

    private ConvexHullProjection(Attention attention, Network u) {
        this.attention = attention;
        this.u = u;
        dimension = Math.toIntExact(
                u.parameters().named().values().iterator().next().size(0));
    }

    /**
     * A projection whose training starts from uniform weights ({@link Attention#DOT}) or from plain similarity.
     *
     * @param dimension components d of phi(x)
     */
    public static ConvexHullProjection untrained(Attention attention, int dimension) {
        Network u = Network.random(List.of(new Layer.FullyConnected(U, dimension, dimension, false)), 0);
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor values = u.parameters().values();
            if (attention == Attention.DOT) {
                values.zero_();
            } else {
                values.copy_(Tensors.identity(dimension, dimension).flatten());
            }
        }
        return new ConvexHullProjection(attention, u);
    }

    /** A projection with a given matrix U, a network of one layer without bias. */
    public static ConvexHullProjection of(Attention attention, Network u) {
        return new ConvexHullProjection(attention, u);
    }

    /** How scores are computed. */
    public Attention attention() {
        return attention;
    }

    /** The weight matrix U [d, d] as a network of one layer. */
    public Network u() {
        return u;
    }

    /**
     * The attention weights alpha.
     *
     * @param query phi(x), [B, d]
     * @param neighbours phi(x'_k), [B, K, d]
     * @return float32 [B, K], rows on the simplex
     */
    public Tensor weights(Tensor query, Tensor neighbours) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.softmax(scores(query, neighbours), 1));
        }
    }

    /**
     * The scores beta, of which the weights are the softmax.
     *
     * @param query phi(x), [B, d]
     * @param neighbours phi(x'_k), [B, K, d]
     * @return float32 [B, K]
     */
    public Tensor scores(Tensor query, Tensor neighbours) {
        return scores(query, neighbours, true);
    }

    /** The attention weights that the identity would give in the place of U (ablation); otherwise as {@link #weights}. */
    Tensor weightsOfIdentity(Tensor query, Tensor neighbours) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.softmax(scores(query, neighbours, false), 1));
        }
    }

    private Tensor scores(Tensor query, Tensor neighbours, boolean learnt) {
        check(query, neighbours);
        try (var scope = Scope.open()) {
            Tensor scores = switch (attention) {
                case DOT ->
                    // The constant only sets the unit in which U is learnt.
                    products(query, neighbours, learnt).mul(new Scalar(1 / Math.sqrt(dimension)));
                case COSINE ->
                    products(normalised(query), normalised(neighbours), learnt).mul(new Scalar(COSINE_SCALE));
                case UNIFORM -> neighbours.select(2, 0).mul(new Scalar(0.0));
            };
            ScalarType type = scores.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
            return scope.escape(scores.to(type));
        }
    }

    /**
     * The convex sum of the neighbours' features: P(x) for attention weights, a point of local mixup for random ones.
     *
     * @param weights [B, K]
     * @param neighbours [B, K, d]
     * @return [B, d]
     */
    public static Tensor convexSum(Tensor weights, Tensor neighbours) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.bmm(weights.unsqueeze(1), neighbours).squeeze(1));
        }
    }

    @Override
    public void close() {
        u.close();
    }

    private Tensor products(Tensor query, Tensor neighbours, boolean learnt) {
        Tensor mapped = learnt ? u.forward(query, Pass.EVALUATION) : query;
        return torch.bmm(neighbours, mapped.unsqueeze(2)).squeeze(2);
    }

    private static Tensor normalised(Tensor features) {
        Tensor norms = features.pow(new Scalar(2.0))
                .sum(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
                .sqrt();
        return features.div(norms.add(new Scalar(1e-8)));
    }

    private void check(Tensor query, Tensor neighbours) {
        long[] q = Tensors.shape(query);
        long[] n = Tensors.shape(neighbours);
        if (q.length != 2 || n.length != 3 || q[0] != n[0] || q[1] != dimension || n[2] != dimension) {
            throw new IllegalArgumentException(
                    "neighbours have shape %s and the query has shape %s, but [B, K, %s] and [B, %s] are needed; was the index built with another feature extractor?"
                            .formatted(Arrays.toString(n), Arrays.toString(q), dimension, dimension));
        }
    }

    /** How a neighbour's score is computed. */
    public enum Attention {
        /** The paper's: phi(x'_k)^T U phi(x), in units of sqrt(d); U starts at zero. */
        DOT,
        /** The same on features of length one, times 8; U starts as the identity. */
        COSINE,
        /** No attention (ablation): every neighbour weighs 1 / K. */
        UNIFORM
    }
}
