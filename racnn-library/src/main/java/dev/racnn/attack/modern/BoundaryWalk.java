package dev.racnn.attack.modern;

import dev.racnn.model.Bounds;
import java.util.random.RandomGenerator;

/**
 * One example on its way along the decision boundary: its nearest adversarial point so far, the lengths of its steps, and how
 * often they succeed.
 */
final class BoundaryWalk {
    private static final int SPHERICAL_MEMORY = 100;
    private static final int SOURCE_MEMORY = 30;

    /** Rates of success between which the steps keep their length. */
    private static final double SPHERICAL_HIGH = 0.5;

    private static final double SPHERICAL_LOW = 0.2;
    private static final double SOURCE_HIGH = 0.25;
    private static final double SOURCE_LOW = 0.1;

    private final float[] original;
    private final Bounds bounds;
    private final double adaptation;
    private final SuccessRate spherical = new SuccessRate(SPHERICAL_MEMORY);
    private final SuccessRate source = new SuccessRate(SOURCE_MEMORY);
    private float[] point;
    private double distance;
    private double sphericalStep;
    private double sourceStep;

    /** Two points that the walk might go to: on the sphere around the image, and from there a little nearer to it. */
    record Proposal(float[] onSphere, float[] nearer) {}

    BoundaryWalk(float[] original, float[] start, Bounds bounds, Boundary.Settings settings) {
        this.original = original;
        this.bounds = bounds;
        this.adaptation = settings.adaptation();
        this.point = start;
        this.distance = distance(start);
        this.sphericalStep = settings.sphericalStep();
        this.sourceStep = settings.sourceStep();
    }

    double sourceStep() {
        return sourceStep;
    }

    /** A random step at a right angle to the direction of the image, and one towards the image. */
    Proposal propose(RandomGenerator random) {
        double[] step = new double[original.length];
        double along = 0;
        for (int i = 0; i < step.length; i++) {
            step[i] = random.nextGaussian();
            along += step[i] * direction(i);
        }
        double squares = 0;
        for (int i = 0; i < step.length; i++) {
            step[i] -= along * direction(i);
            squares += step[i] * step[i];
        }
        double scale = sphericalStep * distance / Math.sqrt(squares);
        double shrinkage = Math.sqrt(sphericalStep * sphericalStep + 1);
        float[] onSphere = new float[original.length];
        for (int i = 0; i < step.length; i++) {
            double away = (double) point[i] - original[i];
            onSphere[i] = bounds.clip(original[i] + (scale * step[i] + away) / shrinkage);
        }
        double reached = distance(onSphere);
        // Clipping may have brought the point off the sphere.
        double length = Math.max(sourceStep * distance + reached - distance, 0);
        float[] nearer = new float[original.length];
        for (int i = 0; i < nearer.length; i++) {
            double towards = (double) original[i] - onSphere[i];
            nearer[i] = bounds.clip(onSphere[i] + (reached == 0 ? 0 : length / reached) * towards);
        }
        return new Proposal(onSphere, nearer);
    }

    /** Goes to an adversarial point if it is nearer. */
    void accept(float[] candidate) {
        double candidateDistance = distance(candidate);
        if (candidateDistance < distance) {
            point = candidate;
            distance = candidateDistance;
        }
    }

    /** Notes whether both points of a proposal were adversarial, and changes the lengths of the steps accordingly. */
    void learn(boolean sphericalSuccess, boolean sourceSuccess) {
        spherical.add(sphericalSuccess);
        source.add(sourceSuccess);
        if (spherical.isFull()) {
            double factor = factor(spherical.rate(), SPHERICAL_LOW, SPHERICAL_HIGH);
            sphericalStep *= factor;
            sourceStep *= factor;
            if (factor != 1) {
                spherical.clear();
            }
        }
        if (source.isFull()) {
            double factor = factor(source.rate(), SOURCE_LOW, SOURCE_HIGH);
            sourceStep *= factor;
            if (factor != 1) {
                source.clear();
            }
        }
    }

    private double factor(double rate, double low, double high) {
        if (rate > high) {
            return adaptation;
        }
        return rate < low ? 1 / adaptation : 1;
    }

    /** Component of the unit vector towards the image. */
    private double direction(int i) {
        return distance == 0 ? 0 : ((double) original[i] - point[i]) / distance;
    }

    private double distance(float[] other) {
        double squares = 0;
        for (int i = 0; i < other.length; i++) {
            double difference = (double) other[i] - original[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }
}
