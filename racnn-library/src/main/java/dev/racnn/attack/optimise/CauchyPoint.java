package dev.racnn.attack.optimise;

import java.util.Arrays;

/**
 * The generalised Cauchy point: the first local minimiser of the quadratic model along the projected steepest descent
 * path, which bends wherever a variable reaches its bound (Byrd et al., 1995, section 4).
 */
final class CauchyPoint {
    private static final double MACHINE_EPSILON = 0x1p-52;

    private final Box box;
    private final CompactModel model;
    private final double[] point;
    private final double[] descent;
    private final boolean[] free;
    private final Breakpoints breakpoints;
    /** W'(point - x), which the subspace step needs. */
    private double[] lifted = {};

    private int freeCount;

    CauchyPoint(Box box, CompactModel model, int n) {
        this.box = box;
        this.model = model;
        this.point = new double[n];
        this.descent = new double[n];
        this.free = new boolean[n];
        this.breakpoints = new Breakpoints(n);
    }

    /** The point; the subspace step moves it on. */
    double[] point() {
        return point;
    }

    /** Which variables are not at a bound there. */
    boolean[] free() {
        return free;
    }

    int freeCount() {
        return freeCount;
    }

    double[] lifted() {
        return lifted;
    }

    /** Finds the point; false if the model has broken down numerically. */
    boolean find(double[] x, double[] gradient) {
        System.arraycopy(x, 0, point, 0, x.length);
        depart(x, gradient);
        double slope = -Vectors.dot(descent, descent);
        lifted = new double[2 * model.size()];
        if (slope == 0) {
            count();
            return true;
        }
        double[] p = model.projected(descent);
        double curvature = -model.theta() * slope - Vectors.dot(p, model.middle(p));
        double initialCurvature = -model.theta() * slope;
        double rest = -slope / curvature;
        double time = 0;
        double[] row = new double[2 * model.size()];
        while (!breakpoints.isEmpty()) {
            double stretch = breakpoints.firstTime() - time;
            if (rest < stretch) {
                break;
            }
            int variable = breakpoints.removeFirst();
            time += stretch;
            double d = descent[variable];
            descent[variable] = 0;
            point[variable] = d > 0 ? box.high() : box.low();
            free[variable] = false;
            double move = point[variable] - x[variable];
            slope += stretch * curvature + d * d - model.theta() * d * move;
            curvature -= model.theta() * d * d;
            if (model.size() > 0) {
                Vectors.addMultiple(lifted, stretch, p);
                model.row(variable, row);
                double[] middle = model.middle(row);
                slope += d * Vectors.dot(lifted, middle);
                curvature += 2 * d * Vectors.dot(p, middle) - d * d * Vectors.dot(row, middle);
                Vectors.addMultiple(p, -d, row);
            }
            curvature = Math.max(MACHINE_EPSILON * initialCurvature, curvature);
            rest = breakpoints.isEmpty() ? 0 : -slope / curvature;
        }
        if (Double.isNaN(rest)) {
            return false;
        }
        rest = Math.max(0, rest);
        time += rest;
        Vectors.addMultiple(point, time, descent);
        Vectors.addMultiple(lifted, rest, p);
        count();
        return true;
    }

    /** The descent direction of the variables that can move, and when each of them will reach its bound. */
    private void depart(double[] x, double[] gradient) {
        Arrays.fill(free, true);
        breakpoints.clear();
        for (int i = 0; i < x.length; i++) {
            double d = -gradient[i];
            boolean blocked = x[i] <= box.low() ? d <= 0 : x[i] >= box.high() && d >= 0;
            descent[i] = blocked ? 0 : d;
            free[i] = !blocked;
            if (descent[i] < 0) {
                breakpoints.add((x[i] - box.low()) / -d, i);
            } else if (descent[i] > 0) {
                breakpoints.add((box.high() - x[i]) / d, i);
            }
        }
        breakpoints.order();
    }

    private void count() {
        freeCount = 0;
        for (boolean isFree : free) {
            freeCount += isFree ? 1 : 0;
        }
    }
}
