package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The loss that {@link CarliniWagner} and {@link Ead} bring down: the squared length of the perturbation, and a constant times
 * how far the margin falls short of the wanted confidence.
 */
final class MarginPenalty {
    private final LogitsLoss margin;
    private final double confidence;
    private final double[] constants;

    /** @param constants weight of the shortfall for each example of the batch */
    MarginPenalty(AttackBatch batch, double confidence, double... constants) {
        this.margin = Losses.margin(batch);
        this.confidence = confidence;
        this.constants = constants;
    }

    /**
     * The loss of some examples at their points.
     *
     * @param losses [n]
     * @param slope d loss / d point, like the points
     */
    record Value(Tensor losses, Tensor slope) {}

    /**
     * Computes it.
     *
     * @param evaluated what the model says of the points, with the gradient of the margin
     * @param perturbations of the points
     */
    Value at(Evaluated evaluated, Tensor perturbations, int... rows) {
        // The margin of the attacked classifier: a surrogate that has been fooled must not end the pull.
        Tensor shortfall = margin.of(evaluated.decisions().logits(), rows).neg().add(new Scalar(confidence));
        double[] own = IntStream.of(rows).mapToDouble(row -> constants[row]).toArray();
        Tensor weights = Tensors.of(own, own.length).to(perturbations.scalar_type());
        Tensor squares = perturbations.flatten(1, -1).square().sum(1);
        // d loss / d point = 2 perturbation - constant * d margin / d point where the margin falls short.
        Tensor pull = weights.mul(shortfall.gt(new Scalar(0.0)));
        return new Value(
                squares.add(shortfall.clamp_min(new Scalar(0.0)).mul(weights)),
                perturbations
                        .mul(new Scalar(2.0))
                        .sub(evaluated.gradient().gradient().mul(Norm.perRow(pull, perturbations))));
    }
}
