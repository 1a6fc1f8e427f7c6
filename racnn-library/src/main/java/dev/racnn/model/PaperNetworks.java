package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Layer.BatchNormalisation;
import dev.racnn.model.Layer.CentreCrop;
import dev.racnn.model.Layer.Convolution;
import dev.racnn.model.Layer.Flatten;
import dev.racnn.model.Layer.FullyConnected;
import dev.racnn.model.Layer.Relu;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks of the paper's appendix (section 7), for images of 32x32: phi, g, phi' and g'.
 *
 * <p>The appendix prints 11x11 -> 4x4 for a 3x3 convolution of stride 2, which gives 5x5. {@link FinalMap} says how the
 * two are reconciled.
 *
 * @param finalMap what becomes of the last map but one
 */
public record PaperNetworks(FinalMap finalMap) implements Architecture {
    /** Length of phi(x). */
    public static final int FEATURES = 256;

    private static final ImageSize SIZE = new ImageSize(32, 32);

    /** Image -> 256. Follows the table: conv1 and conv5 without ReLU, conv6 bare. */
    @Override
    public List<Layer> phi() {
        List<Layer> layers = new ArrayList<>(stack(false));
        layers.add(new Convolution("conv6", 192, FEATURES, finalMap.side(), 1, true));
        layers.add(new Flatten());
        return layers;
    }

    /** 256 -> 64 -> classes. */
    @Override
    public List<Layer> g(int classes) {
        return List.of(
                new FullyConnected("fc1", FEATURES, 64, false),
                new BatchNormalisation("bn1", 64),
                new Relu(),
                new FullyConnected("fc2", 64, classes, true));
    }

    /** Image -> flattened map, 3,072 numbers with {@link FinalMap#CROPPED}. */
    @Override
    public List<Layer> phiPrime() {
        List<Layer> layers = new ArrayList<>(stack(true));
        layers.add(new Flatten());
        return layers;
    }

    /** 3072 -> 512 -> 128 -> classes. */
    @Override
    public List<Layer> gPrime(int classes) {
        return List.of(
                new FullyConnected("fc1", finalMap.keyDimension(), 512, false),
                new BatchNormalisation("bn1", 512),
                new Relu(),
                new FullyConnected("fc2", 512, 128, false),
                new BatchNormalisation("bn2", 128),
                new Relu(),
                new FullyConnected("fc3", 128, classes, true));
    }

    @Override
    public int features() {
        return FEATURES;
    }

    @Override
    public void requireSize(ImageSize size) {
        if (!size.equals(SIZE)) {
            throw new IllegalArgumentException(
                    "the paper's networks take images of %s, but these are %s; scale them to that, or choose another architecture"
                            .formatted(SIZE, size));
        }
    }

    /** The five convolutions that phi and phi' share; only phi' has a ReLU after the first. */
    private List<Layer> stack(boolean firstRelu) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Convolution("conv1", 3, 96, 3, 1, false));
        layers.add(new BatchNormalisation("bn1", 96));
        if (firstRelu) {
            layers.add(new Relu());
        }
        layers.add(new Convolution("conv2", 96, 96, 3, 1, false));
        layers.add(new BatchNormalisation("bn2", 96));
        layers.add(new Relu());
        layers.add(new Convolution("conv3", 96, 96, 3, 2, false));
        layers.add(new BatchNormalisation("bn3", 96));
        layers.add(new Relu());
        layers.add(new Convolution("conv4", 96, 192, 3, 1, false));
        layers.add(new BatchNormalisation("bn4", 192));
        layers.add(new Relu());
        if (finalMap == FinalMap.CROPPED) {
            layers.add(new CentreCrop(11, 9));
        }
        layers.add(new Convolution("conv5", 192, 192, 3, 2, false));
        layers.add(new BatchNormalisation("bn5", 192));
        return layers;
    }

    /** What becomes of the 11x11 map before the last 3x3 convolution of stride 2. */
    public enum FinalMap {
        /** Cropped to 9x9, which gives the printed 4x4 and 3,072 numbers with every printed kernel. */
        CROPPED(4),
        /** Left whole, which gives 5x5 and 4,800 numbers; the last convolution of phi is then 5x5. */
        WHOLE(5);

        private final int side;

        FinalMap(int side) {
            this.side = side;
        }

        /** Height and width of the last map. */
        public int side() {
            return side;
        }

        /** Components of the flattened map. */
        public int keyDimension() {
            return 192 * side * side;
        }
    }
}
