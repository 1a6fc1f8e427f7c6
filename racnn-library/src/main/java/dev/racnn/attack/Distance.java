package dev.racnn.attack;

import dev.racnn.model.Bounds;
import java.util.stream.IntStream;

/** How far two images are apart; accumulated in double precision. */
public enum Distance {
    /**
     * Mean squared distance over the squared width of the bounds, which the paper calls normalised L2 (Foolbox 2d468cb6,
     * {@code MeanSquaredDistance}). Note that it is a squared quantity.
     */
    MSD {
        @Override
        public double between(float[] a, float[] b, Bounds bounds) {
            return squares(a, b) / (a.length * bounds.range() * bounds.range());
        }
    },
    /** How many values differ: each channel of a pixel is one. */
    L0 {
        @Override
        public double between(float[] a, float[] b, Bounds bounds) {
            return IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
        }
    },
    /** Sum of the absolute differences, in the units of the pixels. */
    L1 {
        @Override
        public double between(float[] a, float[] b, Bounds bounds) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.abs((double) a[i] - b[i]);
            }
            return sum;
        }
    },
    /** Euclidean distance, in the units of the pixels. */
    L2 {
        @Override
        public double between(float[] a, float[] b, Bounds bounds) {
            return Math.sqrt(squares(a, b));
        }
    },
    /** Largest absolute difference, in the units of the pixels. */
    LINF {
        @Override
        public double between(float[] a, float[] b, Bounds bounds) {
            double largest = 0;
            for (int i = 0; i < a.length; i++) {
                largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
            }
            return largest;
        }
    };

    /**
     * The distance of two images.
     *
     * @param a pixels of one image
     * @param b as many pixels of the other
     * @param bounds what the pixels may range over
     */
    public abstract double between(float[] a, float[] b, Bounds bounds);

    /** The norm that this distance is, or is the square of. */
    public Norm norm() {
        return switch (this) {
            case MSD, L2 -> Norm.L2;
            case L0 -> Norm.L0;
            case L1 -> Norm.L1;
            case LINF -> Norm.LINF;
        };
    }

    /**
     * Whether an example with this best distance counts as robust at a threshold: only a distance above the threshold by
     * more than rounding (a relative 1e-5) is beyond it. Perturbations of exactly k/1000 in float32 would otherwise fall on
     * either side of the thresholds 1e-4 and 4e-4 of the paper's tables.
     *
     * @param distance infinity for a failed attack
     */
    public static boolean isBeyond(double distance, double threshold) {
        return distance > threshold * (1 + 1e-5);
    }

    private static double squares(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
