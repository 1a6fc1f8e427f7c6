package dev.racnn.evaluation;

import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.model.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * How one image fared under one attack.
 *
 * @param index of the image in its data set
 * @param label true class
 * @param cleanPrediction class of the unperturbed image
 * @param msd mean squared distance of the best adversarial image over the squared bounds ("normalised L2"); 0 for an image
 *     that is misclassified unperturbed, null for a failed attack, and so for the other distances
 * @param l2 Euclidean distance, as of pixels in [0, 1]
 * @param linf largest absolute difference, as of pixels in [0, 1]
 * @param queries decisions asked for
 */
public record ExampleOutcome(
        int index,
        int label,
        int cleanPrediction,
        @Nullable Double msd,
        @Nullable Double l2,
        @Nullable Double linf,
        long queries) {
    /** What reports need of an outcome. */
    public static ExampleOutcome of(Outcome outcome, Bounds bounds) {
        boolean found = outcome.success();
        return new ExampleOutcome(
                outcome.index(),
                outcome.label(),
                outcome.cleanPrediction(),
                found ? Double.valueOf(outcome.msd()) : null,
                found ? Double.valueOf(outcome.l2() / bounds.range()) : null,
                found ? Double.valueOf(outcome.linf() / bounds.range()) : null,
                outcome.forwardQueries());
    }

    /** Whether an adversarial image was found within a budget. */
    boolean isWithin(ThreatModel budget) {
        Double distance = switch (budget.norm()) {
            case L2 -> l2;
            case LINF -> linf;
            case L0, L1 ->
                throw new IllegalArgumentException(
                        "norm must be L2 or LINF, but is %s; its distances are not kept".formatted(budget.norm()));
        };
        return distance != null && budget.allows(distance);
    }

    /** The normalised L2 distance; infinity for a failed attack. */
    double distance() {
        return msd == null ? Double.POSITIVE_INFINITY : msd;
    }
}
