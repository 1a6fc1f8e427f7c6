package dev.racnn.model;

import java.util.List;

/** One step of a {@link Network}, as a description: names, sizes and nothing else. */
public sealed interface Layer {
    /**
     * A convolution: a map of n x n becomes one of (n + 2 padding - kernel) / stride + 1 on each side, rounded down.
     *
     * @param padding zeros put around the map
     * @param bias whether to add a learnt constant to each channel; pointless before batch normalisation
     */
    record Convolution(String name, int in, int out, int kernel, int stride, int padding, boolean bias)
            implements Layer {
        /** A convolution without padding. */
        public Convolution(String name, int in, int out, int kernel, int stride, boolean bias) {
            this(name, in, out, kernel, stride, 0, bias);
        }

        /** The same with a constant for each channel. */
        Convolution withBias() {
            return new Convolution(name, in, out, kernel, stride, padding, true);
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

    /**
     * The sum of two chains of layers applied to the same map (He et al., 2016).
     *
     * @param body what is learnt
     * @param shortcut what passes the body by; nothing for the map itself
     */
    record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {
        public Residual {
            body = List.copyOf(body);
            shortcut = List.copyOf(shortcut);
        }
    }

    /** The largest number of each window of a map; sizes as those of a {@link Convolution}. */
    record MaxPool(int kernel, int stride, int padding) implements Layer {}

    /** The mean of each channel: a map of 1 x 1. */
    record GlobalAveragePool() implements Layer {}

    /**
     * Drops the border of a map.
     *
     * @param from height and width that the map must have
     * @param to height and width that are left
     */
    record CentreCrop(int from, int to) implements Layer {}

    /** Lays a map out as one vector. */
    record Flatten() implements Layer {}

    /**
     * A function that the network is given as a whole: code and weights from elsewhere, which stay as they are.
     *
     * @param name of the function
     */
    record Foreign(String name) implements Layer {}

    /** An affine map of vectors. */
    record FullyConnected(String name, int in, int out, boolean bias) implements Layer {
        /** The same with a constant for each output. */
        FullyConnected withBias() {
            return new FullyConnected(name, in, out, true);
        }
    }

    /**
     * What a network expects of pixels that lie in [0, 1]: (x - mean) / std for each channel.
     *
     * @param mean of each channel
     * @param std of each channel, positive
     */
    record Standardisation(List<Double> mean, List<Double> std) implements Layer {
        public Standardisation {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
            if (mean.size() != std.size() || mean.isEmpty()) {
                throw new IllegalArgumentException(
                        "mean and std must have a number for each channel, but are %s and %s".formatted(mean, std));
            }
            for (double deviation : std) {
                if (!(deviation > 0)) {
                    throw new IllegalArgumentException("std must be positive, but is " + std);
                }
            }
        }
    }
}
