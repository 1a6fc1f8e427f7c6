package dev.racnn.evaluation;

import dev.racnn.attack.Distance;
import java.util.Arrays;
import java.util.List;

/**
 * Accuracy as a function of how far an attacker may move an image: the share of the images whose nearest adversarial image
 * is farther away (the curves of Figures 1 to 3).
 */
public final class RobustnessCurve {
    private final double[] distances;

    private RobustnessCurve(double[] distances) {
        this.distances = distances;
        Arrays.sort(distances);
    }

    static RobustnessCurve of(List<ExampleOutcome> examples) {
        return new RobustnessCurve(
                examples.stream().mapToDouble(ExampleOutcome::distance).toArray());
    }

    /**
     * For each image the nearest adversarial image over several attacks: the mean of the minima, which no attack alone may
     * undercut.
     *
     * @param attacks outcomes of the same images, in the same order
     */
    static RobustnessCurve worstCase(List<List<ExampleOutcome>> attacks) {
        double[] nearest = new double[attacks.getFirst().size()];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (List<ExampleOutcome> examples : attacks) {
            for (int i = 0; i < nearest.length; i++) {
                nearest[i] = Math.min(nearest[i], examples.get(i).distance());
            }
        }
        return new RobustnessCurve(nearest);
    }

    /**
     * Accuracy when perturbations up to a size are allowed.
     *
     * @param msd normalised L2 distance, at least 0
     */
    public Proportion at(double msd) {
        int robust = (int) Arrays.stream(distances)
                .filter(distance -> Distance.isBeyond(distance, msd))
                .count();
        return new Proportion(robust, distances.length);
    }

    /** The normalised L2 distances of all images, ascending; infinity where the attack failed. */
    public double[] distances() {
        return distances.clone();
    }

    /**
     * The normalised L2 distance within which this share of all images has an adversarial image; infinity if the attack
     * fails on too many.
     *
     * @param share in [0, 1]
     */
    public double quantile(double share) {
        int rank = (int) Math.ceil(share * distances.length);
        return distances[Math.clamp(rank - 1, 0, distances.length - 1)];
    }

    /**
     * The normalised L2 distance within which half of the images that are right unperturbed have an adversarial image; 0 if
     * none is right, infinity if the attack fails on too many.
     */
    public double median() {
        double[] right =
                Arrays.stream(distances).filter(distance -> distance > 0).toArray();
        return right.length == 0 ? 0 : right[Math.ceilDiv(right.length, 2) - 1];
    }

    /** Share of the images that the attack could not fool at any distance. */
    public Proportion unbroken() {
        int failed = (int) Arrays.stream(distances).filter(Double::isInfinite).count();
        return new Proportion(failed, distances.length);
    }
}
