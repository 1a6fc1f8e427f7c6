package dev.racnn.attack.optimise;

import java.util.Arrays;

/**
 * The limited-memory BFGS matrix in compact form (Byrd, Nocedal and Schnabel, 1994):
 *
 * <pre>B = theta I - W M W',  W = [Y, theta S],  M^-1 = [[-D, L'], [L, theta S'S]]</pre>
 *
 * <p>with the last few steps S, the changes of the gradient Y along them, D the diagonal and L the strictly lower part of
 * S'Y. Pairs are kept from the oldest to the newest.
 */
final class CompactModel {
    private final int memory;
    private final double[][] steps;
    private final double[][] changes;
    /** The lower triangle of S'Y, and S'S, row and column by age. */
    private final double[][] sy;

    private final double[][] ss;
    /** Lower triangular factor of theta S'S + L D^-1 L'. */
    private final double[][] factor;

    private final FreeGram gram;
    private double theta = 1;
    private int size;

    CompactModel(int n, int memory) {
        this.memory = memory;
        this.steps = new double[memory][];
        this.changes = new double[memory][];
        this.sy = new double[memory][memory];
        this.ss = new double[memory][memory];
        this.factor = new double[memory][memory];
        this.gram = new FreeGram(this, n, memory);
    }

    /** Number of pairs. */
    int size() {
        return size;
    }

    double theta() {
        return theta;
    }

    /** The steps, from the oldest; there are {@link #size}. */
    double[][] steps() {
        return steps;
    }

    /** The changes of the gradient along them. */
    double[][] changes() {
        return changes;
    }

    /** An entry of S'Y of which the row is not older than the column. */
    double sy(int i, int j) {
        return sy[i][j];
    }

    double ss(int i, int j) {
        return ss[i][j];
    }

    /** The products of the pairs over the free variables. */
    FreeGram gram() {
        return gram;
    }

    /** Goes back to the identity. */
    void forget() {
        size = 0;
        theta = 1;
        gram.clear();
    }

    /**
     * Takes over a pair, dropping the oldest if there are too many.
     *
     * @param curvature the scalar product of the two, positive
     * @return false if the matrix is no longer positive definite to working precision
     */
    boolean add(double[] step, double[] change, double curvature) {
        if (size == memory) {
            dropOldest();
        }
        steps[size] = step;
        changes[size] = change;
        Vectors.dots(changes, size, step, sy[size]);
        sy[size][size] = curvature;
        Vectors.dots(steps, size + 1, step, ss[size]);
        for (int j = 0; j < size; j++) {
            ss[j][size] = ss[size][j];
        }
        size++;
        theta = Vectors.dot(change, change) / curvature;
        gram.added();
        return factorise();
    }

    private void dropOldest() {
        shift(sy);
        shift(ss);
        System.arraycopy(steps, 1, steps, 0, memory - 1);
        System.arraycopy(changes, 1, changes, 0, memory - 1);
        size--;
        gram.droppedOldest();
    }

    /** Moves a matrix by one row and one column, over the first of each. */
    static void shift(double[][] matrix) {
        for (int i = 0; i + 1 < matrix.length; i++) {
            System.arraycopy(matrix[i + 1], 1, matrix[i], 0, matrix.length - 1);
        }
    }

    /** Cholesky factorisation of theta S'S + L D^-1 L'. */
    private boolean factorise() {
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double entry = theta * ss[i][j];
                for (int k = 0; k < j; k++) {
                    entry += sy[i][k] * sy[j][k] / sy[k][k] - factor[i][k] * factor[j][k];
                }
                if (i == j) {
                    if (!(entry > 0)) {
                        return false;
                    }
                    factor[i][i] = Math.sqrt(entry);
                } else {
                    factor[i][j] = entry / factor[j][j];
                }
            }
        }
        return true;
    }

    /** M times a vector of length 2 size(). */
    double[] middle(double[] v) {
        double[] p = new double[2 * size];
        // J p2 = v2 + L D^-1 v1
        for (int i = 0; i < size; i++) {
            double sum = v[size + i];
            for (int k = 0; k < i; k++) {
                sum += sy[i][k] * v[k] / sy[k][k] - factor[i][k] * p[size + k];
            }
            p[size + i] = sum / factor[i][i];
        }
        // J' p2 = p2
        for (int i = size - 1; i >= 0; i--) {
            double sum = p[size + i];
            for (int k = i + 1; k < size; k++) {
                sum -= factor[k][i] * p[size + k];
            }
            p[size + i] = sum / factor[i][i];
        }
        // p1 = -D^-1 v1 + D^-1 L' p2
        for (int i = 0; i < size; i++) {
            double sum = -v[i];
            for (int k = i + 1; k < size; k++) {
                sum += sy[k][i] * p[size + k];
            }
            p[i] = sum / sy[i][i];
        }
        return p;
    }

    /** W' times a vector of length n. */
    double[] projected(double[] vector) {
        double[] byChanges = new double[size];
        double[] bySteps = new double[size];
        Vectors.dots(changes, size, vector, byChanges);
        Vectors.dots(steps, size, vector, bySteps);
        double[] product = Arrays.copyOf(byChanges, 2 * size);
        for (int j = 0; j < size; j++) {
            product[size + j] = theta * bySteps[j];
        }
        return product;
    }

    /** Adds W v to a vector of length n. */
    void addLifted(double[] target, double[] v) {
        double[] bySteps = new double[size];
        for (int j = 0; j < size; j++) {
            bySteps[j] = theta * v[size + j];
        }
        Vectors.addMultiples(target, changes, size, v);
        Vectors.addMultiples(target, steps, size, bySteps);
    }

    /** One row of W: what it holds for a variable. */
    void row(int variable, double[] target) {
        for (int j = 0; j < size; j++) {
            target[j] = changes[j][variable];
            target[size + j] = theta * steps[j][variable];
        }
    }
}
