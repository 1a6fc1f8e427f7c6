package dev.racnn.attack.modern;

import dev.racnn.model.Bounds;

/**
 * A Monte Carlo estimate of the normal of the decision boundary at a point (Chen et al., 2020, equations 12 and 16): random
 * probes around the point, weighted by whether they are adversarial, less their average weight.
 */
final class ProbeSum {
    private final float[] point;
    private final double radius;
    private final Bounds bounds;
    private final double[] signed;
    private final double[] plain;
    private int hits;
    private int count;

    ProbeSum(float[] point, double radius, Bounds bounds) {
        this.point = point;
        this.radius = radius;
        this.bounds = bounds;
        this.signed = new double[point.length];
        this.plain = new double[point.length];
    }

    /** A point at the radius in a direction of any length, clipped to the bounds. */
    float[] probe(double[] direction) {
        double squares = 0;
        for (double value : direction) {
            squares += value * value;
        }
        double scale = radius / Math.sqrt(squares);
        float[] probe = new float[point.length];
        for (int i = 0; i < probe.length; i++) {
            probe[i] = bounds.clip(point[i] + scale * direction[i]);
        }
        return probe;
    }

    /** Takes a probe into account. */
    void add(float[] probe, boolean adversarial) {
        int weight = adversarial ? 1 : -1;
        for (int i = 0; i < probe.length; i++) {
            double difference = (double) probe[i] - point[i];
            signed[i] += weight * difference;
            plain[i] += difference;
        }
        count++;
        hits += adversarial ? 1 : 0;
    }

    /** The estimate, of Euclidean length 1, or its signs. */
    double[] direction(boolean signs) {
        // If all probes agree, their average weight would cancel everything.
        double average = hits == 0 || hits == count ? 0 : 2.0 * hits / count - 1;
        double[] direction = new double[point.length];
        double squares = 0;
        for (int i = 0; i < direction.length; i++) {
            direction[i] = signed[i] - average * plain[i];
            squares += direction[i] * direction[i];
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < direction.length; i++) {
            direction[i] = signs ? Math.signum(direction[i]) : direction[i] / Math.max(length, Double.MIN_NORMAL);
        }
        return direction;
    }
}
