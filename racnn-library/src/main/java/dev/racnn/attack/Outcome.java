package dev.racnn.attack;

import org.jspecify.annotations.Nullable;

/**
 * What an attack achieved on one example.
 *
 * @param index of the example in its data set
 * @param label true class
 * @param cleanPrediction class of the unperturbed image
 * @param success whether there is an adversarial point, confirmed on a fresh forward pass; true for an image that meets
 *     the criterion unperturbed
 * @param msd mean squared distance of the best adversarial point over the squared bounds; 0 for an image that meets the
 *     criterion unperturbed, infinity for a failed attack, and so for the other distances
 * @param l0 number of values that differ
 * @param l1 sum of absolute differences
 * @param l2 Euclidean distance
 * @param linf largest absolute difference
 * @param forwardQueries decisions asked for, the clean one included
 * @param gradientQueries gradients asked for
 * @param zeroGradients how many of these gradients were zero, see {@link LossGradient#dead}
 * @param unconfirmed how many points that had seemed adversarial were not on the fresh forward pass
 * @param adversarial pixels of the best adversarial point, or null for a failed attack
 */
public record Outcome(
        int index,
        int label,
        int cleanPrediction,
        boolean success,
        double msd,
        double l0,
        double l1,
        double l2,
        double linf,
        long forwardQueries,
        long gradientQueries,
        long zeroGradients,
        int unconfirmed,
        float @Nullable [] adversarial) {

    /** The same with another class of the unperturbed image. */
    public Outcome withPrediction(int prediction) {
        return with(prediction, adversarial);
    }

    /** The same with another record of the pixels: null where they are kept elsewhere. */
    public Outcome withPoint(float @Nullable [] pixels) {
        return with(cleanPrediction, pixels);
    }

    private Outcome with(int prediction, float @Nullable [] pixels) {
        return new Outcome(
                index,
                label,
                prediction,
                success,
                msd,
                l0,
                l1,
                l2,
                linf,
                forwardQueries,
                gradientQueries,
                zeroGradients,
                unconfirmed,
                pixels);
    }

    /** The same example with no adversarial point found, for a point that turned out not to count. */
    public Outcome failed() {
        double none = Double.POSITIVE_INFINITY;
        return new Outcome(
                index,
                label,
                cleanPrediction,
                false,
                none,
                none,
                none,
                none,
                none,
                forwardQueries,
                gradientQueries,
                zeroGradients,
                unconfirmed + 1,
                null);
    }

    /** The outcome as it counts within a budget: {@link #failed} if the point that was found lies outside. */
    public Outcome within(ThreatModel budget) {
        return !success || budget.allows(distance(budget.norm().distance())) ? this : failed();
    }

    /**
     * What two attacks achieved on this example together: the point of the first that has one, and the queries of both.
     *
     * @param later of the same example
     */
    public Outcome together(Outcome later) {
        Outcome better = success ? this : later;
        return new Outcome(
                index,
                label,
                cleanPrediction,
                better.success,
                better.msd,
                better.l0,
                better.l1,
                better.l2,
                better.linf,
                forwardQueries + later.forwardQueries,
                gradientQueries + later.gradientQueries,
                zeroGradients + later.zeroGradients,
                unconfirmed + later.unconfirmed,
                better.adversarial);
    }

    /** The distance of the best adversarial point; infinity for a failed attack. */
    public double distance(Distance distance) {
        return switch (distance) {
            case MSD -> msd;
            case L0 -> l0;
            case L1 -> l1;
            case L2 -> l2;
            case LINF -> linf;
        };
    }
}
