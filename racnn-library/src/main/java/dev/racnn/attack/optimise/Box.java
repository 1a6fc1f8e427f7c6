package dev.racnn.attack.optimise;

/**
 * The same two bounds for every variable.
 *
 * @param low lower bound
 * @param high upper bound
 */
record Box(double low, double high) {
    /** The largest component of the gradient, as far as the bounds let a descent follow it. */
    double projectedGradient(double[] x, double[] gradient) {
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            double component = gradient[i] < 0 ? Math.max(x[i] - high, gradient[i]) : Math.min(x[i] - low, gradient[i]);
            largest = Math.max(largest, Math.abs(component));
        }
        return largest;
    }

    /** The largest multiple of the direction that stays in the box. */
    double longestStep(double[] x, double[] direction) {
        double step = 1e10;
        for (int i = 0; i < x.length; i++) {
            double room = (direction[i] < 0 ? low : high) - x[i];
            if (direction[i] != 0 && room / direction[i] < step) {
                step = Math.max(0, room / direction[i]);
            }
        }
        return step;
    }
}
