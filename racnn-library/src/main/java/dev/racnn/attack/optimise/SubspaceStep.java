package dev.racnn.attack.optimise;

/**
 * The step from the generalised Cauchy point to the minimiser of the quadratic model over the free variables, projected
 * onto the box; if that is no descent, cut off at the first bound instead (Morales and Nocedal, 2011).
 */
final class SubspaceStep {
    private final Box box;
    private final CompactModel model;
    private final double[] residual;
    private final double[] step;
    private final double[] cauchyPoint;

    SubspaceStep(Box box, CompactModel model, int n) {
        this.box = box;
        this.model = model;
        this.residual = new double[n];
        this.step = new double[n];
        this.cauchyPoint = new double[n];
    }

    /** Moves the Cauchy point on; false if the model has broken down numerically. */
    boolean improve(double[] x, double[] gradient, CauchyPoint cauchy) {
        double[] point = cauchy.point();
        boolean[] free = cauchy.free();
        if (!solve(x, gradient, cauchy)) {
            return false;
        }
        System.arraycopy(point, 0, cauchyPoint, 0, point.length);
        boolean projected = false;
        double descent = 0;
        for (int i = 0; i < point.length; i++) {
            if (free[i]) {
                double target = point[i] + step[i];
                point[i] = Math.clamp(target, box.low(), box.high());
                projected |= point[i] != target || point[i] == box.low() || point[i] == box.high();
            }
            descent += (point[i] - x[i]) * gradient[i];
        }
        if (projected && descent > 0) {
            System.arraycopy(cauchyPoint, 0, point, 0, point.length);
            truncated(point, free);
        }
        return !Double.isNaN(descent);
    }

    /** The unconstrained minimiser over the free variables, relative to the Cauchy point. */
    private boolean solve(double[] x, double[] gradient, CauchyPoint cauchy) {
        double theta = model.theta();
        double[] point = cauchy.point();
        boolean[] free = cauchy.free();
        // The gradient of the model at the Cauchy point is -(residual + W middle) over the free variables. Products
        // with W are
        // what a step costs, so W middle is never formed: its product with W' follows from the small Gram matrix.
        for (int i = 0; i < x.length; i++) {
            residual[i] = free[i] ? -theta * (point[i] - x[i]) - gradient[i] : 0;
        }
        double[] middle = model.middle(cauchy.lifted());
        model.gram().update(free);
        double[] v = model.gram().times(middle);
        Vectors.addMultiple(v, 1, model.projected(residual));
        if (!LinearSystem.solve(reducedMiddle(), v)) {
            return false;
        }
        for (int i = 0; i < x.length; i++) {
            step[i] = residual[i] / theta;
        }
        for (int j = 0; j < v.length; j++) {
            v[j] = (middle[j] + v[j] / theta) / theta;
        }
        model.addLifted(step, v);
        return true;
    }

    /** {@code M^-1 - W'ZZ'W / theta}, with Z the columns of the identity that belong to free variables. */
    private double[][] reducedMiddle() {
        int size = model.size();
        double theta = model.theta();
        FreeGram gram = model.gram();
        double[][] matrix = new double[2 * size][2 * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                matrix[i][j] = -gram.yy(i, j) / theta - (i == j ? model.sy(i, i) : 0);
                double lower = (i > j ? model.sy(i, j) : 0) - gram.sy(i, j);
                matrix[size + i][j] = lower;
                matrix[j][size + i] = lower;
                matrix[size + i][size + j] = theta * (model.ss(i, j) - gram.ss(i, j));
            }
        }
        return matrix;
    }

    private void truncated(double[] point, boolean[] free) {
        double share = 1;
        int blocking = -1;
        for (int i = 0; i < point.length; i++) {
            if (free[i] && step[i] != 0) {
                double room = (step[i] < 0 ? box.low() : box.high()) - point[i];
                if (room / step[i] < share) {
                    share = Math.max(0, room / step[i]);
                    blocking = i;
                }
            }
        }
        for (int i = 0; i < point.length; i++) {
            if (free[i]) {
                point[i] += share * step[i];
            }
        }
        if (blocking >= 0) {
            point[blocking] = step[blocking] < 0 ? box.low() : box.high();
        }
    }
}
