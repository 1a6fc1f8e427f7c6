package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Layer.BatchNormalisation;
import dev.racnn.model.Layer.Convolution;
import dev.racnn.model.Layer.Flatten;
import dev.racnn.model.Layer.FullyConnected;
import dev.racnn.model.Layer.GlobalAveragePool;
import dev.racnn.model.Layer.MaxPool;
import dev.racnn.model.Layer.Relu;
import dev.racnn.model.Layer.Residual;
import dev.racnn.model.Layer.Standardisation;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks of basic blocks (He et al., 2016, table 1), cut at the last average pooling: phi and phi' are images to
 * 512 features, g and g' one layer. Parameters have the names that torchvision gives them.
 *
 * @param depth which one
 * @param stem how it begins
 * @param mean of each channel, subtracted from the pixels; empty for images as they are
 * @param std of each channel, by which pixels are then divided; as long as {@code mean}
 */
public record ResNet(Depth depth, Stem stem, List<Double> mean, List<Double> std) implements Architecture {
    /** What torchvision's weights expect: mean and standard deviation over ImageNet. */
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
    private static final int FIRST_CHANNELS = 64;
    private static final int FEATURES = 512;
    private static final int SMALLEST = 16;
    private static final int LARGEST = 512;

    public ResNet {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != std.size() || (!mean.isEmpty() && mean.size() != ImageSize.CHANNELS)) {
            throw new IllegalArgumentException(
                    "mean and std must both have 3 numbers, or both none, but are %s and %s".formatted(mean, std));
        }
    }

    /** A network for pixels in [0, 1] that expects them as torchvision's weights do. */
    public static ResNet imageNet(Depth depth, Stem stem) {
        return new ResNet(depth, stem, IMAGENET_MEAN, IMAGENET_STD);
    }

    /** How many blocks each of the four parts has. */
    public enum Depth {
        RESNET18(2, 2, 2, 2);

        private final int first;
        private final int second;
        private final int third;
        private final int fourth;

        Depth(int first, int second, int third, int fourth) {
            this.first = first;
            this.second = second;
            this.third = third;
            this.fourth = fourth;
        }

        private List<Integer> blocks() {
            return List.of(first, second, third, fourth);
        }
    }

    @Override
    public List<Layer> phi() {
        List<Layer> layers = new ArrayList<>();
        if (!mean.isEmpty()) {
            layers.add(new Standardisation(mean, std));
        }
        layers.add(new Convolution("conv1", 3, FIRST_CHANNELS, stem.kernel(), stem.stride(), stem.kernel() / 2, false));
        layers.add(new BatchNormalisation("bn1", FIRST_CHANNELS));
        layers.add(new Relu());
        if (stem.pool()) {
            layers.add(new MaxPool(3, 2, 1));
        }
        int in = FIRST_CHANNELS;
        for (int part = 0; part < depth.blocks().size(); part++) {
            int out = FIRST_CHANNELS << part;
            for (int block = 0; block < depth.blocks().get(part); block++) {
                int stride = part > 0 && block == 0 ? 2 : 1;
                layers.add(block("layer%s.%s.".formatted(part + 1, block), in, out, stride));
                layers.add(new Relu());
                in = out;
            }
        }
        layers.add(new GlobalAveragePool());
        layers.add(new Flatten());
        return layers;
    }

    @Override
    public List<Layer> g(int classes) {
        return List.of(new FullyConnected("fc", FEATURES, classes, true));
    }

    @Override
    public int features() {
        return FEATURES;
    }

    @Override
    public void requireSize(ImageSize size) {
        if (Math.min(size.height(), size.width()) < SMALLEST || Math.max(size.height(), size.width()) > LARGEST) {
            throw new IllegalArgumentException(
                    "%s takes images of %s to %s pixels a side, but these are %s; choose an image size between"
                            .formatted(depth, SMALLEST, LARGEST, size));
        }
    }

    private static Layer block(String name, int in, int out, int stride) {
        List<Layer> body = List.of(
                new Convolution(name + "conv1", in, out, 3, stride, 1, false),
                new BatchNormalisation(name + "bn1", out),
                new Relu(),
                new Convolution(name + "conv2", out, out, 3, 1, 1, false),
                new BatchNormalisation(name + "bn2", out));
        List<Layer> shortcut = stride == 1 && in == out
                ? List.of()
                : List.of(
                        new Convolution(name + "downsample.0", in, out, 1, stride, 0, false),
                        new BatchNormalisation(name + "downsample.1", out));
        return new Residual(body, shortcut);
    }

    /**
     * How the network begins.
     *
     * @param kernel of the first convolution, odd; 7 for photographs of 224 x 224, 3 for small images
     * @param stride of the first convolution
     * @param pool whether a maximum over 3 x 3 with stride 2 follows
     */
    public record Stem(int kernel, int stride, boolean pool) {
        /** The stem of the paper and of torchvision: a map of a quarter of the image's side. */
        public static final Stem STANDARD = new Stem(7, 2, true);

        public Stem {
            if (kernel < 1 || kernel % 2 == 0 || stride < 1) {
                throw new IllegalArgumentException(
                        "stem needs an odd kernel and a positive stride, but has kernel %s and stride %s"
                                .formatted(kernel, stride));
            }
        }
    }
}
