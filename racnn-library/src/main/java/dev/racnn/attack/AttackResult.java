package dev.racnn.attack;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an attack achieved, example by example, and how it went about it.
 *
 * @param attack name
 * @param settings of the attack
 * @param threatModel the fixed budget, if the attack has one
 * @param criterion name
 * @param gradientPath what gradients went through; empty if the attack used none
 * @param seed of the random numbers
 * @param imageSize height and width
 * @param bounds of the pixels
 * @param outcomes one for each example, in the order given
 */
public record AttackResult(
        String attack,
        Record settings,
        Optional<ThreatModel> threatModel,
        String criterion,
        String gradientPath,
        long seed,
        ImageSize imageSize,
        Bounds bounds,
        List<Outcome> outcomes) {
    /** From this share of zero gradients on, what the attack says about robustness is not to be trusted. */
    private static final double MASKED_SHARE = 0.1;

    public AttackResult {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Share of the examples that the classifier gets right unperturbed, in [0, 1]; NaN without examples. Right is what does
     * not meet the criterion, so that under top-K the label is among the K largest logits; under a criterion with targets,
     * where most wrong answers do not meet it, right is the label itself.
     */
    public double cleanAccuracy() {
        return share(
                criterion.startsWith(Targeted.NAME)
                        ? outcome -> outcome.label() == outcome.cleanPrediction()
                        : outcome -> !(outcome.success() && outcome.msd() == 0));
    }

    /** Share of the examples without an adversarial point, in [0, 1]; NaN without examples. */
    public double robustAccuracy() {
        return share(outcome -> !outcome.success());
    }

    /** Share of the examples without an adversarial point up to this distance; see {@link Distance#isBeyond}. */
    public double robustAccuracy(Distance distance, double threshold) {
        return share(outcome -> Distance.isBeyond(outcome.distance(distance), threshold));
    }

    /** Share of the gradients that were zero, see {@link LossGradient#dead}, in [0, 1]; 0 if none was asked for. */
    public double zeroGradientShare() {
        long asked = outcomes.stream().mapToLong(Outcome::gradientQueries).sum();
        long zero = outcomes.stream().mapToLong(Outcome::zeroGradients).sum();
        return asked == 0 ? 0 : (double) zero / asked;
    }

    /**
     * Whether so many gradients were zero that the classifier, or the path through it, hides them: robustness under a
     * gradient attack then says nothing.
     */
    public boolean masked() {
        return isMasked(zeroGradientShare());
    }

    /** The same, of a share of zero gradients. */
    public static boolean isMasked(double zeroGradientShare) {
        return zeroGradientShare >= MASKED_SHARE;
    }

    private double share(Predicate<Outcome> predicate) {
        return (double) outcomes.stream().filter(predicate).count() / outcomes.size();
    }
}
