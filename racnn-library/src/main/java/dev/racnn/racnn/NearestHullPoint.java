package dev.racnn.racnn;

import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The projection that the paper calls infeasible (section 2.2): the point of the convex hull of the neighbours' features that
 * is nearest to phi(x). A quadratic programme on the simplex for each query, min |sum_k alpha_k (phi(x'_k) - phi(x))|^2.
 *
 * <p>Accelerated projected gradients (Beck and Teboulle, 2009), a batch at a time, find which neighbours have weight; the weights of
 * these solve a linear system, through which gradients pass.
 */
final class NearestHullPoint implements HullWeights {
    private static final int STEPS = 500;

    /** Weights below are none. */
    private static final double NONE = 1e-7;

    @Override
    public Tensor weights(Tensor query, Tensor neighbours) {
        try (var scope = Scope.open()) {
            Tensor away = neighbours
                    .to(ScalarType.Double)
                    .sub(query.to(ScalarType.Double).unsqueeze(1));
            Tensor products = torch.bmm(away, away.transpose(1, 2));
            Tensor found = descended(products.detach());
            Tensor exact = onSupport(products, found.gt(new Scalar(NONE)).to(ScalarType.Double));
            // Where the support was not quite right, the descent is the better answer.
            Tensor valid = exact.detach().amin(new long[] {1}, true).ge(new Scalar(-NONE));
            return scope.escape(torch.where(valid, exact, found).to(ScalarType.Float));
        }
    }

    /** Weights to within the accuracy of a descent. */
    private static Tensor descended(Tensor products) {
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            // No eigenvalue of a symmetric matrix is above its largest row sum of absolute values.
            Tensor steepness = products.abs().sum(2).amax(new long[] {1}, true).clamp_min(new Scalar(1e-12));
            Tensor weights = torch.softmax(torch.zeros_like(products.select(2, 0)), 1);
            Tensor ahead = weights;
            double momentum = 1;
            for (int step = 0; step < STEPS; step++) {
                try (var inner = Scope.open()) {
                    Tensor slope = torch.bmm(products, ahead.unsqueeze(2)).squeeze(2);
                    Tensor next = ontoSimplex(ahead.sub(slope.div(steepness)));
                    double following = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
                    ahead = inner.escape(next.add(next.sub(weights).mul(new Scalar((momentum - 1) / following))));
                    weights = inner.escape(next);
                    momentum = following;
                }
            }
            return scope.escape(weights);
        }
    }

    /** The nearest point of the simplex (Duchi et al., 2008). */
    private static Tensor ontoSimplex(Tensor values) {
        Tensor sorted = values.sort(1, true).get0();
        Tensor excess = sorted.cumsum(1).sub(new Scalar(1.0));
        Tensor ranks = torch.ones_like(sorted).cumsum(1);
        Tensor support =
                sorted.mul(ranks).gt(excess).sum(1).clamp_min(new Scalar(1L)).unsqueeze(1);
        Tensor threshold = excess.gather(1, support.sub(new Scalar(1L))).div(support);
        return values.sub(threshold).clamp_min(new Scalar(0.0));
    }

    /** The weights that sum to one and make the shortest vector, of some neighbours; 0 for the others. */
    private static Tensor onSupport(Tensor products, Tensor support) {
        Tensor both = support.unsqueeze(2).mul(support.unsqueeze(1));
        Tensor others = torch.diag_embed(torch.ones_like(support).sub(support));
        // So small a ridge that it decides nothing but which of equal neighbours gets the weight.
        Tensor ridge = torch.diag_embed(support.mul(new Scalar(1e-9)));
        Tensor inner = products.mul(both).add(others).add(ridge);
        Tensor top = torch.cat(new TensorVector(inner, support.unsqueeze(2)), 2);
        Tensor corner = torch.zeros_like(support.narrow(1, 0, 1));
        Tensor bottom = torch.cat(new TensorVector(support, corner), 1).unsqueeze(1);
        Tensor system = torch.cat(new TensorVector(top, bottom), 1);
        Tensor right = torch.cat(new TensorVector(torch.zeros_like(support), torch.ones_like(corner)), 1);
        int k = Math.toIntExact(support.size(1));
        return torch.linalg_solve(system, right.unsqueeze(2)).squeeze(2).narrow(1, 0, k);
    }
}
