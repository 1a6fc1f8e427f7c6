package dev.racnn.attack.modern;

import dev.racnn.attack.HyperplaneProjection;
import dev.racnn.attack.Norm;
import dev.racnn.attack.optimise.Vectors;
import dev.racnn.model.Bounds;
import java.util.function.DoubleUnaryOperator;

/**
 * The step of Brendel and Bethge (2019, equation 1): of all points on a plane, within a Euclidean distance of the point and within the bounds,
 * the one that is nearest to the image.
 *
 * <p>With d the perturbation so far, w the normal, and clip to the bounds, the solutions are, for some multiplier m and strength s,
 *
 * <pre>
 * L2:   step = clip(m w - s d),             s in [0, 1]
 * L1:   step = clip(soft(d + m w, s) - d),  soft thresholding
 * LINF: step = clip(max(min(d + m w, e), -e) - d)
 * </pre>
 *
 * <p>The plane determines m, since what the step achieves grows with it; the radius determines s, or e, since the step grows as the nearness to the image gains
 * weight. Both are found as roots of increasing functions, one within the other.
 *
 * @param norm L1, L2 or LINF
 * @param bounds of the pixels
 */
record TrustRegion(Norm norm, Bounds bounds) {
    /** Of lengths, relative. */
    private static final double ACCURACY = 1e-6;

    /** Of changes along the normal, relative to the radius. */
    private static final double FLATNESS = 1e-9;

    private static final int MAX_EVALUATIONS = 100;

    private static final int MAX_DOUBLINGS = 40;

    TrustRegion {
        norm.requireOneOf("a trust region", Norm.L1, Norm.L2, Norm.LINF);
    }

    /**
     * The best step; where the plane is out of reach, the one that comes nearest to it.
     *
     * @param image pixels within the bounds
     * @param point pixels within the bounds
     * @param normal of the plane
     * @param change what the step times the normal shall be
     * @param radius largest Euclidean length of the step
     */
    double[] step(float[] image, float[] point, float[] normal, double change, double radius) {
        double size = norm(normal);
        if (!(size > 0) || !Double.isFinite(change)) {
            return new double[point.length];
        }
        Problem problem = new Problem(image, point, normal, size, change / size, radius);
        double[] shortest = new HyperplaneProjection(Norm.L2, bounds).move(point, normal, -change);
        if (length(shortest) > radius) {
            return problem.steepest();
        }
        if (!problem.isOnPlane(shortest)) {
            return shortest;
        }
        double[] nearest = problem.nearest();
        return problem.isOnPlane(nearest) && length(nearest) <= radius
                ? nearest
                : problem.compromise(shortest, nearest);
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static double length(double[] values) {
        return Math.sqrt(Vectors.dot(values, values));
    }

    /** One image's problem, with a normal of length 1. */
    private final class Problem {
        private final float[] image;
        private final float[] normal;
        private final double change;
        private final double radius;
        private final double[] unit;
        private final double[] before;
        private final double[] low;
        private final double[] high;

        Problem(float[] image, float[] point, float[] normal, double size, double change, double radius) {
            this.image = image;
            this.normal = normal;
            this.change = change;
            this.radius = radius;
            this.unit = new double[point.length];
            this.before = new double[point.length];
            this.low = new double[point.length];
            this.high = new double[point.length];
            for (int i = 0; i < point.length; i++) {
                unit[i] = normal[i] / size;
                before[i] = (double) point[i] - image[i];
                low[i] = Math.min(bounds.min() - point[i], 0);
                high[i] = Math.max(bounds.max() - point[i], 0);
            }
        }

        boolean isOnPlane(double[] step) {
            return Math.abs(Vectors.dot(unit, step) - change) <= ACCURACY * (Math.abs(change) + radius);
        }

        /** Along the normal as far as the radius and the bounds allow. */
        double[] steepest() {
            double sign = Math.signum(change);
            DoubleUnaryOperator excess = m -> length(along(sign * m)) - radius;
            return along(sign * root(excess, radius, ACCURACY * radius));
        }

        private double[] along(double multiplier) {
            double[] step = new double[unit.length];
            for (int i = 0; i < step.length; i++) {
                step[i] = Math.clamp(multiplier * unit[i], low[i], high[i]);
            }
            return step;
        }

        /** From the point to the point of the plane that is nearest to the image. */
        double[] nearest() {
            double size = norm(normal);
            double atImage = change + Vectors.dot(unit, before);
            double[] step = new HyperplaneProjection(norm, bounds).move(image, normal, -atImage * size);
            for (int i = 0; i < step.length; i++) {
                step[i] -= before[i];
            }
            return step;
        }

        /** Between the shortest step and the one that is nearest to the image: as near as the radius allows. */
        double[] compromise(double[] shortest, double[] nearest) {
            double loose = largest(shortest);
            double tight = largest(nearest);
            DoubleUnaryOperator parameter = s -> norm == Norm.LINF ? loose + s * (tight - loose) : s;
            DoubleUnaryOperator excess = s -> length(onPlane(parameter.applyAsDouble(s))) - radius;
            double first = norm == Norm.L1 ? radius / Math.sqrt(unit.length) : 1;
            // In LINF many steps lead equally near, of which this is the shortest.
            double[] most = onPlane(parameter.applyAsDouble(first));
            if (norm == Norm.LINF && isOnPlane(most) && length(most) <= radius) {
                return most;
            }
            return onPlane(parameter.applyAsDouble(root(excess, first, ACCURACY * radius)));
        }

        private double largest(double[] step) {
            double largest = 0;
            for (int i = 0; i < step.length; i++) {
                largest = Math.max(largest, Math.abs(before[i] + step[i]));
            }
            return largest;
        }

        private double[] onPlane(double strength) {
            double at = beyond(0, strength);
            double way = at <= 0 ? 1 : -1;
            // Slopes are at most 1, so that the root is not nearer.
            double first = Math.max(Math.abs(at), FLATNESS * radius);
            double multiplier = way * root(m -> way * beyond(way * m, strength), first, FLATNESS * radius);
            double[] step = new double[unit.length];
            for (int i = 0; i < step.length; i++) {
                step[i] = shaped(i, multiplier, strength);
            }
            return step;
        }

        private double beyond(double multiplier, double strength) {
            double sum = 0;
            for (int i = 0; i < unit.length; i++) {
                sum += unit[i] * shaped(i, multiplier, strength);
            }
            return sum - change;
        }

        /** One value of the step for these parameters, wherever it leads. */
        private double shaped(int i, double multiplier, double strength) {
            double moved = before[i] + multiplier * unit[i];
            double wanted = switch (norm) {
                case LINF -> Math.max(Math.min(moved, strength), -strength);
                case L1 -> Math.copySign(Math.max(Math.abs(moved) - strength, 0), moved);
                case L0, L2 -> moved - strength * before[i];
            };
            return Math.max(Math.min(wanted - before[i], high[i]), low[i]);
        }
    }

    /**
     * Where an increasing function is zero: bracketed by doubling, then by secants whose resting end loses weight (Illinois).
     *
     * @param step positive: where to look first; the function is not positive at zero
     * @param accuracy how near to zero is near enough
     * @return the farthest place looked at if the function stays below zero
     */
    private static double root(DoubleUnaryOperator increasing, double step, double accuracy) {
        double low = 0;
        double atLow = increasing.applyAsDouble(low);
        double high = step;
        double atHigh = increasing.applyAsDouble(high);
        for (int doubling = 0; doubling < MAX_DOUBLINGS && atHigh < 0; doubling++) {
            low = high;
            atLow = atHigh;
            high *= 2;
            atHigh = increasing.applyAsDouble(high);
        }
        if (Math.abs(atLow) <= accuracy || atHigh <= accuracy) {
            return Math.abs(atLow) <= accuracy ? low : high;
        }
        double middle = low;
        int moved = 0;
        for (int i = 0; i < MAX_EVALUATIONS; i++) {
            middle = (low * atHigh - high * atLow) / (atHigh - atLow);
            double value = increasing.applyAsDouble(middle);
            if (Math.abs(value) <= accuracy) {
                return middle;
            }
            if (value < 0) {
                low = middle;
                atLow = value;
                atHigh /= moved < 0 ? 2 : 1;
                moved = -1;
            } else {
                high = middle;
                atHigh = value;
                atLow /= moved > 0 ? 2 : 1;
                moved = 1;
            }
        }
        return middle;
    }
}
