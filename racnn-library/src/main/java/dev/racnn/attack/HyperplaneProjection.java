package dev.racnn.attack;

import dev.racnn.model.Bounds;
import java.util.stream.IntStream;

/**
 * The shortest move of an image onto a hyperplane without leaving the bounds of the pixels (Croce and Hein, 2020b, section
 * 2.2), for L1, L2 and LINF.
 *
 * <p>Pixels move in the direction that helps, by the multiplier times a speed (|w_i| in L2, 1 in LINF), until they hit
 * a bound. What the move achieves is a concave function of the multiplier, made of line segments, so that Newton's method
 * from zero never oversteps and ends after finitely many segments. In L1 the pixels with the largest weights move as far as they can, one
 * after the other, until it is enough.
 *
 * @param norm L1, L2 or LINF
 * @param bounds of the pixels
 */
public record HyperplaneProjection(Norm norm, Bounds bounds) {
    private static final int MAX_SEGMENTS = 100;

    /** Relative accuracy at which the search for the multiplier ends. */
    private static final double ACCURACY = 1e-10;

    public HyperplaneProjection {
        norm.requireOneOf("a projection onto a hyperplane", Norm.L1, Norm.L2, Norm.LINF);
    }

    /**
     * The shortest move to a zero of a linear function; if there is none within the bounds, the move that comes nearest to one.
     *
     * @param point pixels within the bounds
     * @param normal gradient of the function
     * @param value of the function at the point
     */
    public double[] move(float[] point, float[] normal, double value) {
        if (norm == Norm.L1) {
            return sparseMove(point, normal, value);
        }
        double[] move = new double[point.length];
        double multiplier = multiplier(point, normal, value);
        for (int i = 0; i < point.length; i++) {
            double size = Math.min(speed(normal[i]) * multiplier, room(point[i], normal[i], value));
            move[i] = -Math.signum(value) * Math.signum(normal[i]) * size;
        }
        return move;
    }

    private double[] sparseMove(float[] point, float[] normal, double value) {
        double[] move = new double[point.length];
        // Sizes and places in one number each, the largest size first: bits of positive floats are in their order.
        long[] order = IntStream.range(0, point.length)
                .mapToLong(i -> ((long) ~Float.floatToIntBits(Math.abs(normal[i])) << Integer.SIZE) | i)
                .sorted()
                .toArray();
        double missing = Math.abs(value);
        for (long sized : order) {
            int i = (int) sized;
            double weight = Math.abs(normal[i]);
            double room = room(point[i], normal[i], value);
            double size = Math.min(missing / weight, room);
            move[i] = -Math.signum(value) * Math.signum(normal[i]) * size;
            missing -= weight * size;
            if (weight == 0 || size < room) {
                break;
            }
        }
        return move;
    }

    private double multiplier(float[] point, float[] normal, double value) {
        double multiplier = 0;
        for (int segment = 0; segment < MAX_SEGMENTS; segment++) {
            double achieved = 0;
            double slope = 0;
            for (int i = 0; i < point.length; i++) {
                double weight = Math.abs(normal[i]);
                double wanted = speed(normal[i]) * multiplier;
                double room = room(point[i], normal[i], value);
                if (wanted < room) {
                    achieved += weight * wanted;
                    slope += weight * speed(normal[i]);
                } else {
                    achieved += weight * room;
                }
            }
            double missing = Math.abs(value) - achieved;
            if (missing <= ACCURACY * Math.abs(value)) {
                return multiplier;
            }
            if (slope == 0) {
                return Double.MAX_VALUE;
            }
            multiplier += missing / slope;
        }
        return multiplier;
    }

    private double speed(float weight) {
        return norm == Norm.L2 ? Math.abs(weight) : Math.abs(Math.signum(weight));
    }

    /** How far a pixel can go in the direction that brings the function nearer to zero. */
    private double room(float pixel, float weight, double value) {
        boolean up = weight > 0 == value < 0;
        return Math.max(up ? bounds.max() - pixel : pixel - bounds.min(), 0);
    }
}
