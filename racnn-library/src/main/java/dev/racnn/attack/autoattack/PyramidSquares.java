package dev.racnn.attack.autoattack;

import dev.racnn.attack.Norm;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import java.util.random.RandomGenerator;

/**
 * Moves of {@link Square} for the norms whose length is spread over the image: perturbations are made of two-sided pyramids in squares, and
 * length is taken from one square to be spent in another (Andriushchenko et al., 2020, algorithm 3; in L1, Croce and Hein, 2021).
 *
 * @param norm L1 or L2; what is spent adds up as the sum of sizes or of squares
 */
record PyramidSquares(Norm norm, ImageSize size, Bounds bounds, double epsilon) implements SquareMoves {
    /** Tiles in each direction of the first perturbation. */
    private static final int TILES = 5;

    private static final int HALVINGS = 24;

    /** Keeps divisions by the length of nothing finite. */
    private static final double TINY = 1e-12;

    @Override
    public float[] start(float[] original, RandomGenerator random) {
        int side = Math.max(Math.min(size.height(), size.width()) / TILES, 1);
        double[] perturbation = new double[original.length];
        int top = size.height() % side / 2;
        int left = size.width() % side / 2;
        for (int row = top; row + side <= size.height(); row += side) {
            for (int column = left; column + side <= size.width(); column += side) {
                double[][] pyramid = pyramid(side, random);
                for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                    new Window(size, channel, row, column, side).add(perturbation, pyramid, SquareMoves.sign(random));
                }
            }
        }
        return point(original, perturbation);
    }

    @Override
    public float[] propose(float[] original, float[] best, double share, RandomGenerator random) {
        // An odd side gives the pyramid a tip.
        int odd = SquareMoves.side(size, share, 3) | 1;
        int side = Math.min(odd, Math.min(size.height(), size.width()));
        int top = random.nextInt(size.height() - side + 1);
        int left = random.nextInt(size.width() - side + 1);
        int sourceTop = random.nextInt(size.height() - side + 1);
        int sourceLeft = random.nextInt(size.width() - side + 1);
        double[] perturbation = new double[original.length];
        for (int i = 0; i < perturbation.length; i++) {
            perturbation[i] = (double) best[i] - original[i];
        }
        double unspent = Math.max(spent(epsilon) - spent(perturbation), 0) / ImageSize.CHANNELS;
        double[][] pyramid = pyramid(side, random);
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            Window target = new Window(size, channel, top, left, side);
            Window source = new Window(size, channel, sourceTop, sourceLeft, side);
            double[][] mixed = target.copy(perturbation);
            double before = spent(mixed);
            int sign = SquareMoves.sign(random);
            for (int i = 0; i < side; i++) {
                for (int j = 0; j < side; j++) {
                    mixed[i][j] = mixed[i][j] / (length(before) + TINY) + sign * pyramid[i][j];
                }
            }
            target.clear(perturbation);
            // What the target holds is gone by now, so that the overlap is counted once.
            double available = unspent + before + spent(source.copy(perturbation));
            source.clear(perturbation);
            double generous = norm == Norm.L1 ? ImageSize.CHANNELS : 1;
            target.add(perturbation, mixed, generous * length(available) / (length(spent(mixed)) + TINY));
        }
        return point(original, perturbation);
    }

    /**
     * The perturbation on the image, within the bounds: in L2 stretched to the whole radius and clipped; in L1 made as long as the radius in
     * every channel and then projected onto ball and bounds, which leaves its largest values alone.
     */
    private float[] point(float[] original, double[] perturbation) {
        double length = length(spent(perturbation)) + TINY;
        double scale = norm == Norm.L1 ? Math.max(1, epsilon / length) : epsilon / length;
        double lambda = norm == Norm.L1 ? excess(original, perturbation, scale) : 0;
        float[] point = new float[original.length];
        for (int i = 0; i < point.length; i++) {
            double size = Math.max(Math.abs(scale * perturbation[i]) - lambda, 0);
            point[i] = bounds.clip(original[i] + Math.signum(perturbation[i]) * size);
        }
        return point;
    }

    /** What all sizes have to become smaller by so that they are within the radius, as far as the bounds let them grow. */
    private double excess(float[] original, double[] perturbation, double scale) {
        double low = 0;
        double high = 0;
        for (double value : perturbation) {
            high = Math.max(high, Math.abs(scale * value));
        }
        for (int halving = 0; halving < HALVINGS; halving++) {
            double middle = (low + high) / 2;
            double sum = 0;
            for (int i = 0; i < perturbation.length; i++) {
                double room = perturbation[i] > 0 ? bounds.max() - original[i] : original[i] - bounds.min();
                sum += Math.clamp(Math.abs(scale * perturbation[i]) - middle, 0, Math.max(room, 0));
            }
            low = sum > epsilon ? middle : low;
            high = sum > epsilon ? high : middle;
        }
        return high;
    }

    /**
     * A square of length 1 made of a rising and a falling pyramid, one above the other or side by side (equation 4 of the
     * paper).
     */
    private double[][] pyramid(int side, RandomGenerator random) {
        double[][] square = new double[side][side];
        int half = side / 2;
        rectangle(square, 0, half, 1);
        rectangle(square, half, side - half, -1);
        double length = length(spent(square)) + TINY;
        boolean turned = random.nextBoolean();
        double[][] result = new double[side][side];
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                result[i][j] = (turned ? square[j][i] : square[i][j]) / length;
            }
        }
        return result;
    }

    /** Fills some rows with concentric rectangles, which add up to a pyramid of length 1 with this sign. */
    private static void rectangle(double[][] square, int top, int rows, int sign) {
        int side = square.length;
        if (rows == 0) {
            return;
        }
        double[][] heap = new double[rows][side];
        int centreRow = rows / 2;
        int centreColumn = side / 2;
        int layers = Math.max(centreRow, centreColumn) + 1;
        for (int layer = 0; layer < layers; layer++) {
            double height = 1.0 / ((layer + 1.0) * (layer + 1.0));
            for (int i = Math.max(centreRow - layer, 0); i <= Math.min(centreRow + layer, rows - 1); i++) {
                for (int j = Math.max(centreColumn - layer, 0); j <= Math.min(centreColumn + layer, side - 1); j++) {
                    heap[i][j] += height;
                }
            }
        }
        double length = Math.sqrt(sumOfSquares(heap));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < side; j++) {
                square[top + i][j] = sign * heap[i][j] / length;
            }
        }
    }

    /** What a perturbation spends of the budget, in the terms in which it adds up. */
    private double spent(double... values) {
        double sum = 0;
        for (double value : values) {
            sum += norm == Norm.L1 ? Math.abs(value) : value * value;
        }
        return sum;
    }

    private double spent(double[][] values) {
        double sum = 0;
        for (double[] row : values) {
            sum += spent(row);
        }
        return sum;
    }

    private double length(double spent) {
        return norm == Norm.L1 ? spent : Math.sqrt(spent);
    }

    private static double sumOfSquares(double[][] values) {
        double sum = 0;
        for (double[] row : values) {
            for (double value : row) {
                sum += value * value;
            }
        }
        return sum;
    }
}
