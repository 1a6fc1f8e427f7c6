package dev.racnn.attack.modern;

import java.util.Arrays;

/**
 * The search of {@link CarliniWagner} for the smallest constant that leads to an adversarial point, for each example of its own:
 * ten times as large a constant until there is one, then bisection. The last of many searches repeats the smallest constant that has
 * led to one, as in the authors' own code and in Foolbox 3.3.4.
 */
final class ConstantSearch {
    private static final double GROWTH = 10;

    /** From so many searches on, the last one repeats. */
    private static final int MANY = 10;

    /** What is tried last where no constant has led to an adversarial point. */
    private static final double LARGEST = 1e10;

    private final int searches;
    private final double[] constants;
    private final double[] lower;
    private final double[] upper;

    ConstantSearch(int examples, double first, int searches) {
        this.searches = searches;
        this.constants = new double[examples];
        this.lower = new double[examples];
        this.upper = new double[examples];
        Arrays.fill(constants, first);
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
    }

    /** The constants of the search of this number, from 0. */
    double[] constants(int number) {
        if (searches >= MANY && number == searches - 1) {
            Arrays.setAll(constants, row -> Math.min(upper[row], LARGEST));
        }
        return constants.clone();
    }

    /** Takes whether the constants led to adversarial points, and moves on. */
    void tell(boolean... found) {
        for (int row = 0; row < constants.length; row++) {
            if (found[row]) {
                upper[row] = constants[row];
            } else {
                lower[row] = constants[row];
            }
            constants[row] = Double.isInfinite(upper[row]) ? constants[row] * GROWTH : (lower[row] + upper[row]) / 2;
        }
    }
}
