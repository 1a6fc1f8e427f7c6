package dev.racnn.model;

import dev.racnn.data.ImageSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trained network whose phi stays as it is, with one linear layer on its features: what the paper does on ImageNet
 * (section 5.4). phi' is phi, or that of another network.
 *
 * @param backbone whose phi serves
 * @param keys whose phi serves as phi'; null if phi' is phi
 */
public record Frozen(Architecture backbone, @Nullable Architecture keys) implements Architecture {
    public Frozen {
        if (backbone instanceof Frozen || keys instanceof Frozen) {
            throw new IllegalArgumentException(
                    "what is frozen already cannot be frozen again; name what it was made of");
        }
    }

    /** Whether an image passes through one network alone. */
    public boolean sharesPhi() {
        return keys == null;
    }

    private Architecture ofKeys() {
        return keys == null ? backbone : keys;
    }

    @Override
    public List<Layer> phi() {
        return backbone.phi();
    }

    @Override
    public List<Layer> g(int classes) {
        return linear(backbone.features(), classes);
    }

    @Override
    public List<Layer> phiPrime() {
        return ofKeys().phi();
    }

    @Override
    public List<Layer> gPrime(int classes) {
        return linear(ofKeys().features(), classes);
    }

    @Override
    public int features() {
        return backbone.features();
    }

    @Override
    public void requireSize(ImageSize size) {
        backbone.requireSize(size);
        ofKeys().requireSize(size);
    }

    private static List<Layer> linear(int features, int classes) {
        return List.of(new Layer.FullyConnected("fc", features, classes, true));
    }
}
