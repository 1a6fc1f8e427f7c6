package dev.racnn.attack.paper;

import dev.racnn.attack.optimise.Lbfgsb;
import dev.racnn.model.Bounds;

/** The L-BFGS attack on one example, driven from outside: where it is in the search for c, and in the minimisation. */
final class LbfgsSearch {
    private static final int DOUBLINGS = 30;

    /** The objective is multiplied by this, so that the optimiser's absolute tolerances do not matter. */
    private static final double SCALE = 1e10;

    private final int row;
    private final int target;
    private final float[] original;
    private final Bounds bounds;
    private final double epsilon;
    private final Lbfgsb.Settings settings;

    private double c;
    private double low;
    private double high = Double.POSITIVE_INFINITY;
    private int doublings;
    private Lbfgsb optimiser;
    private boolean done;

    LbfgsSearch(int row, int target, float[] original, Bounds bounds, double epsilon, Lbfgsb.Settings settings) {
        this.row = row;
        this.target = target;
        this.original = original;
        this.bounds = bounds;
        this.epsilon = epsilon;
        this.settings = settings;
        this.c = 2 * epsilon;
        this.doublings = 1;
        this.optimiser = minimisation();
    }

    int row() {
        return row;
    }

    int target() {
        return target;
    }

    boolean done() {
        return done;
    }

    /** Whether a minimisation is over: all that is wanted of the next point is the decision. */
    boolean atMinimum() {
        return optimiser.done();
    }

    /** Writes the point about which the model is to be asked next. */
    void writePoint(float[] points, int offset) {
        double[] point = optimiser.done() ? optimiser.solution() : optimiser.point();
        for (int i = 0; i < point.length; i++) {
            points[offset + i] = bounds.clip(point[i]);
        }
    }

    /**
     * Takes what the model says about a point on the way.
     *
     * @param gradients of the cross-entropy of the target, from {@code offset} on
     */
    void tell(float[] logits, float[] gradients, int offset) {
        double[] x = optimiser.point();
        double[] gradient = new double[x.length];
        double share = 1 / (x.length * bounds.range() * bounds.range());
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            double difference = x[i] - original[i];
            squares += difference * difference;
            gradient[i] = SCALE * (2 * share * difference + c * gradients[offset + i]);
        }
        optimiser.tell(SCALE * (share * squares + c * crossEntropy(logits)), gradient);
    }

    private double crossEntropy(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return Math.log(sum) - (logits[target] - largest);
    }

    /** Takes whether the minimum is adversarial, and moves on to the next c. */
    void chooseNext(boolean adversarial) {
        if (Double.isInfinite(high)) {
            if (adversarial) {
                high = c;
            } else if (doublings == DOUBLINGS) {
                done = true;
                return;
            } else {
                doublings++;
                c *= 2;
            }
        } else if (adversarial) {
            high = c;
        } else {
            low = c;
        }
        if (!Double.isInfinite(high)) {
            if (high - low < epsilon) {
                done = true;
                return;
            }
            c = (low + high) / 2;
        }
        optimiser = minimisation();
    }

    private Lbfgsb minimisation() {
        double[] start = new double[original.length];
        for (int i = 0; i < start.length; i++) {
            start[i] = original[i];
        }
        return new Lbfgsb(start, bounds.min(), bounds.max(), settings);
    }
}
