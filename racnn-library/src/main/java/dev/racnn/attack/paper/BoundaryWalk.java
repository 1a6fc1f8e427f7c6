package dev.racnn.attack.paper;

import dev.racnn.attack.optimise.Vectors;
import dev.racnn.model.Bounds;
import java.util.random.RandomGenerator;

/**
 * The Boundary attack on one example, driven from outside: where the walk stands, and which candidate it wants to know
 * about next. Works in double precision.
 */
final class BoundaryWalk {
    private static final double CONVERGED = 1e-7;
    private static final int CONFIRMING_ITERATIONS = 100;
    private static final int SPHERICAL_EVERY = 10;

    private final int row;
    private final double[] original;
    private final Bounds bounds;
    private final RandomGenerator random;
    private final Boundary.Settings settings;

    /** Where the walk stands, and the way from there to the original. */
    private final double[] position;

    private final double[] way;
    private double distance;

    private double sphericalStep;
    private double sourceStep;
    private final RecentRate sphericalRate = new RecentRate(100);
    private final RecentRate stepRate = new RecentRate(30);

    private final double[] onSphere;
    private final double[] candidate;
    private int iteration;
    private int tried;
    private boolean testsSphere;
    private boolean asksSphere;
    private boolean restarted;
    private int confirmationsLeft = CONFIRMING_ITERATIONS;
    private boolean done;

    BoundaryWalk(
            int row,
            float[] original,
            float[] start,
            Bounds bounds,
            RandomGenerator random,
            Boundary.Settings settings) {
        this.row = row;
        this.bounds = bounds;
        this.random = random;
        this.settings = settings;
        this.original = doubles(original);
        this.position = doubles(start);
        this.way = new double[start.length];
        this.onSphere = new double[start.length];
        this.candidate = new double[start.length];
        this.sphericalStep = settings.sphericalStep();
        this.sourceStep = settings.sourceStep();
        nextIteration();
    }

    int row() {
        return row;
    }

    int iteration() {
        return iteration;
    }

    boolean done() {
        return done;
    }

    /** Writes the point about which a decision is wanted. */
    void writeCandidate(float[] points, int offset) {
        boolean followsSphere = testsSphere && !asksSphere;
        if (!followsSphere) {
            draw();
        }
        double[] point = asksSphere ? onSphere : candidate;
        for (int i = 0; i < point.length; i++) {
            points[offset + i] = (float) point[i];
        }
    }

    /** Takes the decision. */
    void tell(boolean adversarial) {
        if (asksSphere) {
            sphericalRate.add(adversarial);
            if (adversarial) {
                // Only now is the step towards the original worth a query.
                asksSphere = false;
            } else {
                nextCandidate();
            }
            return;
        }
        if (testsSphere) {
            stepRate.add(adversarial);
        }
        if (adversarial) {
            moveToCandidate();
            endIteration();
        } else {
            nextCandidate();
        }
    }

    private void nextCandidate() {
        asksSphere = testsSphere;
        if (++tried == settings.directions()) {
            endIteration();
        }
    }

    private void endIteration() {
        adaptSteps();
        nextIteration();
    }

    private void nextIteration() {
        iteration++;
        boolean confirming = confirmationsLeft < CONFIRMING_ITERATIONS;
        if (sourceStep < (confirming ? 2 * CONVERGED : CONVERGED)) {
            if (restarted) {
                confirmationsLeft--;
            } else {
                restarted = true;
                sphericalStep = settings.sphericalStep();
                sourceStep = settings.sourceStep();
            }
        } else if (confirming) {
            confirmationsLeft = CONFIRMING_ITERATIONS;
            restarted = false;
        }
        done = iteration > settings.iterations() || confirmationsLeft == 0;
        tried = 0;
        testsSphere = iteration % SPHERICAL_EVERY == 0 || restarted;
        asksSphere = testsSphere;
        for (int i = 0; i < way.length; i++) {
            way[i] = original[i] - position[i];
        }
        distance = Math.sqrt(Vectors.dot(way, way));
    }

    /** Draws a point on the sphere around the original, and one a step nearer to it. */
    private void draw() {
        double[] eta = candidate;
        for (int i = 0; i < eta.length; i++) {
            eta[i] = random.nextGaussian();
        }
        Vectors.addMultiple(eta, -Vectors.dot(eta, way) / (distance * distance), way);
        double scale = sphericalStep * distance / Math.sqrt(Vectors.dot(eta, eta));
        double shrink = 1 / Math.sqrt(sphericalStep * sphericalStep + 1);
        double squares = 0;
        for (int i = 0; i < eta.length; i++) {
            onSphere[i] = clip(original[i] + shrink * (scale * eta[i] - way[i]));
            double left = original[i] - onSphere[i];
            squares += left * left;
        }
        // Clipping has moved the point off the sphere, which the step makes up for.
        double left = Math.sqrt(squares);
        double share = Math.max(0, sourceStep * distance + left - distance) / left;
        for (int i = 0; i < eta.length; i++) {
            candidate[i] = clip(onSphere[i] + share * (original[i] - onSphere[i]));
        }
    }

    private double clip(double value) {
        return Math.min(Math.max(value, bounds.min()), bounds.max());
    }

    private void moveToCandidate() {
        double squares = 0;
        for (int i = 0; i < candidate.length; i++) {
            double difference = candidate[i] - original[i];
            squares += difference * difference;
        }
        if (squares < distance * distance) {
            System.arraycopy(candidate, 0, position, 0, position.length);
        }
    }

    private void adaptSteps() {
        double factor = settings.adaptation();
        int spherical = sphericalRate.verdict();
        sphericalStep *= Math.pow(factor, spherical);
        sourceStep *= Math.pow(factor, spherical + stepRate.verdict());
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
