package dev.racnn.training;

import java.util.random.RandomGenerator;

/**
 * Draws from Beta(alpha, alpha), the coefficient of global mixup (Zhang et al., 2017). Up to alpha = 1 by Johnk's method
 * (1964): of uniform u and v, x = u^(1/alpha) and y = v^(1/alpha) with x + y at most 1, x / (x + y), in logarithms, because x
 * and y underflow for small alpha. Beyond, where that would hardly ever accept, as x / (x + y) of two gamma variables
 * (Marsaglia and Tsang, 2000).
 *
 * @param alpha positive and finite
 */
record BetaDraw(double alpha) {
    double draw(RandomGenerator random) {
        if (alpha > 1) {
            double x = gamma(random);
            return x / (x + gamma(random));
        }
        while (true) {
            double x = Math.log(random.nextDouble()) / alpha;
            double y = Math.log(random.nextDouble()) / alpha;
            double larger = Math.max(x, y);
            if (Math.exp(x) + Math.exp(y) <= 1 && larger > Double.NEGATIVE_INFINITY) {
                double scaled = Math.exp(x - larger);
                return scaled / (scaled + Math.exp(y - larger));
            }
        }
    }

    /** A draw from Gamma(alpha, 1), alpha above 1. */
    private double gamma(RandomGenerator random) {
        double d = alpha - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double root = 1 + c * normal;
            double v = root * root * root;
            if (v > 0 && Math.log(random.nextDouble()) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
