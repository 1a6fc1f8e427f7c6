package dev.racnn.adaptive;

import dev.racnn.racnn.WhiteBox;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Retrieval that has gradients. A gate lets in the K nearest of the candidates around a point: theta lies midway between the
 * K-th and the (K+1)-th distance and takes no gradient, w_j = sigmoid((theta - d_j) / tau), and alpha_j is proportional to
 * w_j exp(beta_j) with the model's own scores beta. As tau goes to zero the logits g(sum_j alpha_j phi_j) become those of the model.
 */
final class SoftRetrieval {
    /** Temperatures of the first and of the last step, in typical distances from theta. */
    private static final double FIRST = 10;

    private static final double LAST = 0.1;

    /** Keeps the temperature above zero where all candidates are equally far. */
    private static final double TINY = 1e-12;

    private SoftRetrieval() {}

    /**
     * The distance that separates the K nearest from the others; twice that of the K-th if there are no others.
     *
     * @param distances [n, m], infinite for a blank; m at least k
     * @return [n, 1], without gradient
     */
    static Tensor theta(Tensor distances, int k) {
        if (distances.size(1) == k) {
            return distances.detach().amax(new long[] {1}, true).mul(new Scalar(2.0));
        }
        Tensor nearest = distances.detach().topk(k + 1L, 1, false, true).get0();
        return nearest.narrow(1, k - 1L, 2).mean(new long[] {1}, true, new ScalarTypeOptional());
    }

    /**
     * The temperature at a part of the way: from ten times the median of the distances from theta down to a tenth of it.
     *
     * @param share from 0 to 1
     * @return [n, 1], without gradient
     */
    static Tensor temperature(Tensor distances, Tensor theta, double share) {
        // Blanks are infinitely far, and would be the median where most are blank.
        Tensor fromTheta = distances.detach().sub(theta).abs();
        Tensor present = fromTheta.masked_fill(torch.isinf(fromTheta), new Scalar(Double.NaN));
        Tensor typical = present.nanmedian(1, true).get0();
        return typical.mul(new Scalar(FIRST * Math.pow(LAST / FIRST, share))).clamp_min(new Scalar(TINY));
    }

    /**
     * The softened logits.
     *
     * @param distances [n, m]
     * @param features phi(x), [n, d]
     * @param hulls phi(x'_j), [n, m, d]
     * @param temperature [n, 1]
     * @return [n, classes]
     */
    static Tensor logits(WhiteBox box, Tensor distances, Tensor features, Tensor hulls, Tensor temperature) {
        Tensor theta = theta(distances, box.neighbours());
        Tensor gate = torch.log_sigmoid(theta.sub(distances).div(temperature));
        Tensor weights = torch.softmax(gate.add(box.scores(features, hulls)), 1);
        return box.logits(torch.bmm(weights.unsqueeze(1), hulls).squeeze(1));
    }
}
