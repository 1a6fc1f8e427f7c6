package dev.racnn.attack.optimise;

import java.util.Arrays;

/**
 * Y'Y, S'Y and S'S summed over the free variables alone, kept up to date as pairs come and go and as variables become
 * free or bound. Few variables change from one iteration to the next, so this costs little.
 */
final class FreeGram {
    private final CompactModel model;
    private final boolean[] free;
    private final double[][] yy;
    private final double[][] sy;
    private final double[][] ss;
    private final double[] freeStep;
    private final double[] freeChange;
    private final double[] products;

    FreeGram(CompactModel model, int n, int memory) {
        this.model = model;
        this.free = new boolean[n];
        this.yy = new double[memory][memory];
        this.sy = new double[memory][memory];
        this.ss = new double[memory][memory];
        this.freeStep = new double[n];
        this.freeChange = new double[n];
        this.products = new double[memory];
    }

    double yy(int i, int j) {
        return yy[i][j];
    }

    double sy(int i, int j) {
        return sy[i][j];
    }

    double ss(int i, int j) {
        return ss[i][j];
    }

    void clear() {
        Arrays.fill(free, false);
        for (double[][] matrix : new double[][][] {yy, sy, ss}) {
            for (double[] row : matrix) {
                Arrays.fill(row, 0);
            }
        }
    }

    void droppedOldest() {
        CompactModel.shift(yy);
        CompactModel.shift(sy);
        CompactModel.shift(ss);
    }

    /** Fills the rows and columns of the newest pair. */
    void added() {
        int last = model.size() - 1;
        mask(model.changes()[last], freeChange);
        mask(model.steps()[last], freeStep);
        Vectors.dots(model.changes(), last + 1, freeChange, yy[last]);
        Vectors.dots(model.changes(), last + 1, freeStep, sy[last]);
        Vectors.dots(model.steps(), last + 1, freeStep, ss[last]);
        Vectors.dots(model.steps(), last, freeChange, products);
        for (int j = 0; j < last; j++) {
            yy[j][last] = yy[last][j];
            ss[j][last] = ss[last][j];
            sy[j][last] = products[j];
        }
    }

    private void mask(double[] vector, double[] masked) {
        for (int i = 0; i < masked.length; i++) {
            masked[i] = free[i] ? vector[i] : 0;
        }
    }

    /** W'Z Z'W times a vector of length 2 size(), with W as in the model and Z the columns of the identity that belong to free variables. */
    double[] times(double[] v) {
        int size = model.size();
        double theta = model.theta();
        double[] product = new double[2 * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                product[i] += yy[i][j] * v[j] + theta * sy[j][i] * v[size + j];
                product[size + i] += theta * (sy[i][j] * v[j] + theta * ss[i][j] * v[size + j]);
            }
        }
        return product;
    }

    /** Changes over to another set of free variables. */
    void update(boolean[] nowFree) {
        int size = model.size();
        double[] y = new double[size];
        double[] s = new double[size];
        for (int i = 0; i < free.length; i++) {
            if (free[i] != nowFree[i]) {
                double sign = nowFree[i] ? 1 : -1;
                free[i] = nowFree[i];
                for (int j = 0; j < size; j++) {
                    y[j] = model.changes()[j][i];
                    s[j] = model.steps()[j][i];
                }
                for (int j = 0; j < size; j++) {
                    double signedY = sign * y[j];
                    double signedS = sign * s[j];
                    for (int k = 0; k < size; k++) {
                        yy[j][k] += signedY * y[k];
                        sy[j][k] += signedS * y[k];
                        ss[j][k] += signedS * s[k];
                    }
                }
            }
        }
    }
}
