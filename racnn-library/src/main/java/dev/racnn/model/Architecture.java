package dev.racnn.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.racnn.data.ImageSize;
import java.util.List;

/**
 * Which networks a model is made of, as data: {@code bundle.json} names one. A RaCNN has phi with g, and phi' with g'; a
 * baseline phi with g.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PaperNetworks.class, name = "paper"),
    @JsonSubTypes.Type(value = ResNet.class, name = "resnet"),
    @JsonSubTypes.Type(value = TorchScriptBackbone.class, name = "torchscript"),
    @JsonSubTypes.Type(value = Frozen.class, name = "frozen")
})
public sealed interface Architecture permits PaperNetworks, ResNet, TorchScriptBackbone, Frozen {
    /** The feature extractor phi: images to {@link #features} numbers. */
    List<Layer> phi();

    /** The classifier g: a feature, or a point in the convex hull of some, to logits. */
    List<Layer> g(int classes);

    /** The extractor of retrieval keys phi'; made like phi if nothing else is said. */
    default List<Layer> phiPrime() {
        return phi();
    }

    /** The classifier g' that phi' is trained with, and which Scenario 2 attacks; made like g if nothing else is said. */
    default List<Layer> gPrime(int classes) {
        return g(classes);
    }

    /** Length of phi(x), the dimension d of the convex hull. */
    int features();

    /**
     * Checks that the networks take images of a size.
     *
     * @throws IllegalArgumentException if they do not
     */
    void requireSize(ImageSize size);
}
