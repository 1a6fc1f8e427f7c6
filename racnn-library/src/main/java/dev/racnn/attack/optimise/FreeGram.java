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
    private final double[] masked;

    FreeGram(CompactModel model, int n, int memory) {
        this.model = model;
        this.free = new boolean[n];
        this.yy = new double[memory][memory];
        this.sy = new double[memory][memory];
        this.ss = new double[memory][memory];
        this.masked = new double[n];
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
        mask(model.change(last));
        for (int j = 0; j <= last; j++) {
            yy[last][j] = Vectors.dot(masked, model.change(j));
            yy[j][last] = yy[last][j];
            sy[j][last] = Vectors.dot(masked, model.step(j));
        }
        mask(model.step(last));
        for (int j = 0; j <= last; j++) {
            ss[last][j] = Vectors.dot(masked, model.step(j));
            ss[j][last] = ss[last][j];
            sy[last][j] = Vectors.dot(masked, model.change(j));
        }
    }

    private void mask(double[] vector) {
        for (int i = 0; i < masked.length; i++) {
            masked[i] = free[i] ? vector[i] : 0;
        }
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
                    y[j] = model.change(j)[i];
                    s[j] = model.step(j)[i];
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
