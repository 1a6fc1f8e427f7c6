package dev.racnn.model;

import dev.racnn.model.Layer.BatchNormalisation;
import dev.racnn.model.Layer.Convolution;
import dev.racnn.model.Layer.Flatten;
import dev.racnn.model.Layer.FullyConnected;
import dev.racnn.model.Layer.GlobalAveragePool;
import dev.racnn.model.Layer.MaxPool;
import dev.racnn.model.Layer.Relu;
import dev.racnn.model.Layer.Residual;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual networks of basic blocks (He et al., 2016, table 1), cut at the last average pooling into an extractor of 512
 * features and a classifier of one layer. Parameters have the names that torchvision gives them.
 */
final class ResNet {
    /** Components of the pooled features. */
    static final int FEATURES = 512;

    private static final int FIRST_CHANNELS = 64;

    private ResNet() {}

    /**
     * image -> 512.
     *
     * @param blocks how many blocks each of the four parts has: 2, 2, 2, 2 for ResNet-18
     */
    static List<Layer> extractor(Stem stem, List<Integer> blocks) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Convolution("conv1", 3, FIRST_CHANNELS, stem.kernel(), stem.stride(), stem.kernel() / 2, false));
        layers.add(new BatchNormalisation("bn1", FIRST_CHANNELS));
        layers.add(new Relu());
        if (stem.pool()) {
            layers.add(new MaxPool(3, 2, 1));
        }
        int in = FIRST_CHANNELS;
        for (int part = 0; part < blocks.size(); part++) {
            int out = FIRST_CHANNELS << part;
            for (int block = 0; block < blocks.get(part); block++) {
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

    /** 512 -> classes. */
    static List<Layer> classifier(int classes) {
        return List.of(new FullyConnected("fc", FEATURES, classes, true));
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
