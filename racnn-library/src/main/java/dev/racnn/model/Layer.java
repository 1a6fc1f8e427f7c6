package dev.racnn.model;

/**
 * One step of a {@link Network}, as a description: names, sizes and nothing else.
 *
 * <p>Convolutions have no padding, so a map of n x n becomes (n - kernel) / stride + 1 on each side.
 */
public sealed interface Layer {
    /**
     * A convolution without padding.
     *
     * @param bias whether to add a learnt constant to each channel; pointless before batch normalisation
     */
    record Convolution(String name, int in, int out, int kernel, int stride, boolean bias) implements Layer {
        /** The same with a constant for each channel. */
        Convolution withBias() {
            return new Convolution(name, in, out, kernel, stride, true);
        }
    }

    /**
     * Batch normalisation (Ioffe and Szegedy, 2015) of the channels of a map, or of the components of a vector, with a
     * learnt scale and shift.
     */
    record BatchNormalisation(String name, int channels) implements Layer {}

    /**
     * max(0, x).
     *
     * @param inPlace whether it writes over x, which nothing else may read then
     */
    record Relu(boolean inPlace) implements Layer {
        /** One that leaves x as it is. */
        public Relu() {
            this(false);
        }
    }

    /** Drops the border of a map so that {@code size x size} remains. */
    record CentreCrop(int size) implements Layer {}

    /** Lays a map out as one vector. */
    record Flatten() implements Layer {}

    /** An affine map of vectors. */
    record FullyConnected(String name, int in, int out, boolean bias) implements Layer {
        /** The same with a constant for each output. */
        FullyConnected withBias() {
            return new FullyConnected(name, in, out, true);
        }
    }
}
