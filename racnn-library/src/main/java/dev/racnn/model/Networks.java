package dev.racnn.model;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/**
 * Networks by their part in a model: phi and g of a baseline, phi, U, g, phi' and g' of a RaCNN, or some of these. phi' may be
 * the same object as phi; then it is saved, folded and closed once.
 */
public final class Networks implements AutoCloseable {
    private final Map<Part, Network> networks = new EnumMap<>(Part.class);

    /** None yet. */
    public Networks() {}

    /** What a network does in a model, in the order in which weights are saved. */
    public enum Part {
        /** phi', from an image to its retrieval key. */
        PHI_PRIME,
        /** g', the classifier that phi' was trained with. */
        G_PRIME,
        /** phi, from an image to its feature. */
        PHI,
        /** g, from a feature or a projection to logits. */
        G,
        /** U, the matrix of the attention. */
        U;

        /** What its weights are saved under: phi_prime, g_prime, phi, g or u. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same with one more. */
    public Networks with(Part part, Network network) {
        return with(networks -> networks.put(part, network));
    }

    /** These and others. */
    public Networks with(Networks others) {
        return with(networks -> networks.putAll(others.networks));
    }

    private Networks with(Consumer<Map<Part, Network>> change) {
        Networks changed = new Networks();
        changed.networks.putAll(networks);
        change.accept(changed.networks);
        return changed;
    }

    /**
     * The network of a part.
     *
     * @throws IllegalStateException if there is none
     */
    public Network get(Part part) {
        Network network = networks.get(part);
        if (network == null) {
            throw new IllegalStateException("there is no network %s here, only %s".formatted(part, networks.keySet()));
        }
        return network;
    }

    /** Visits every network. */
    public void forEach(BiConsumer<Part, Network> visitor) {
        networks.forEach(visitor);
    }

    /** Parameters and running statistics by name: {@code phi.conv1.weight}, {@code g.fc1.weight} and so on. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        forEachOnce((part, network) -> network.state().forEach((name, tensor) -> state.put(part + "." + name, tensor)));
        return state;
    }

    /** Visits every network, but phi' not if it is phi. */
    private void forEachOnce(BiConsumer<Part, Network> visitor) {
        forEach((part, network) -> {
            if (part != Part.PHI_PRIME || network != networks.get(Part.PHI)) {
                visitor.accept(part, network);
            }
        });
    }

    /**
     * Takes over saved state.
     *
     * @param saved as {@link #state} names it; other names are ignored
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public void load(Map<String, Tensor> saved) {
        forEachOnce((part, network) -> {
            Map<String, Tensor> own = new LinkedHashMap<>();
            saved.forEach((name, tensor) -> {
                if (name.startsWith(part + ".")) {
                    own.put(name.substring(part.toString().length() + 1), tensor);
                }
            });
            network.load(own);
        });
    }

    /** Networks of their own for answers only, see {@link Network#folded}. */
    public Networks folded() {
        Networks folded = new Networks();
        forEachOnce((part, network) -> folded.networks.put(part, network.folded()));
        if (networks.containsKey(Part.PHI_PRIME) && !folded.networks.containsKey(Part.PHI_PRIME)) {
            folded.networks.put(Part.PHI_PRIME, folded.get(Part.PHI));
        }
        return folded;
    }

    /** Stops the recording of gradients of the weights: fixed networks cost less. */
    public void freeze() {
        forEach((_, network) -> network.parameters().trainable(false));
    }

    @Override
    public void close() {
        forEachOnce((_, network) -> network.close());
    }
}
