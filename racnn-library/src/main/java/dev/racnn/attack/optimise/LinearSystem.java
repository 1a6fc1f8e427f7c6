package dev.racnn.attack.optimise;

/** Small symmetric, indefinite systems of equations. */
final class LinearSystem {
    private LinearSystem() {}

    /**
     * Solves by elimination with row pivots, after scaling the diagonal to one.
     *
     * @param matrix symmetric, with a nonzero diagonal; overwritten
     * @param v right-hand side; overwritten with the solution
     * @return false if the matrix is singular to working precision
     */
    static boolean solve(double[][] matrix, double[] v) {
        int n = v.length;
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = matrix[i][i] == 0 ? 1 : 1 / Math.sqrt(Math.abs(matrix[i][i]));
        }
        for (int i = 0; i < n; i++) {
            v[i] *= scale[i];
            for (int j = 0; j < n; j++) {
                matrix[i][j] *= scale[i] * scale[j];
            }
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) {
                    pivot = i;
                }
            }
            double[] row = matrix[pivot];
            matrix[pivot] = matrix[k];
            matrix[k] = row;
            double right = v[pivot];
            v[pivot] = v[k];
            v[k] = right;
            if (!(Math.abs(row[k]) > 1e-14)) {
                return false;
            }
            for (int i = k + 1; i < n; i++) {
                double ratio = matrix[i][k] / row[k];
                if (ratio != 0) {
                    for (int j = k + 1; j < n; j++) {
                        matrix[i][j] -= ratio * row[j];
                    }
                    v[i] -= ratio * right;
                }
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int j = i + 1; j < n; j++) {
                v[i] -= matrix[i][j] * v[j];
            }
            v[i] /= matrix[i][i];
        }
        for (int i = 0; i < n; i++) {
            v[i] *= scale[i];
        }
        return true;
    }
}
