package dev.racnn.training;

import java.util.random.RandomGenerator;

/**
 * Draws from Beta(alpha, alpha), the coefficient of global mixup (Zhang et al., 2017), by Johnk's method: of uniform u
 * and v, x = u^(1/alpha) and y = v^(1/alpha) with x + y at most 1, x / (x + y).
 *
 * @param alpha positive
 */
record BetaDraw(double alpha) {
    double draw(RandomGenerator random) {
        while (true) {
            double x = Math.pow(random.nextDouble(), 1 / alpha);
            double y = Math.pow(random.nextDouble(), 1 / alpha);
            if (x + y <= 1 && x + y > 0) {
                return x / (x + y);
            }
        }
    }
}
