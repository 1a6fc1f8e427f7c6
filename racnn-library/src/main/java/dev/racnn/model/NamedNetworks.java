package dev.racnn.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** The state of several networks in one map: {@code phi.conv1.weight}, {@code g.fc1.weight} and so on. */
public final class NamedNetworks {
    private NamedNetworks() {}

    /** Parameters and running statistics of all networks, each under its network's name and a dot. */
    public static Map<String, Tensor> state(Map<String, Network> networks) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        networks.forEach(
                (prefix, network) -> network.state().forEach((name, tensor) -> state.put(prefix + "." + name, tensor)));
        return state;
    }

    /**
     * Takes over saved state.
     *
     * @param saved as {@link #state} names it; other names are ignored
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public static void load(Map<String, Network> networks, Map<String, Tensor> saved) {
        networks.forEach((prefix, network) -> network.load(part(saved, prefix)));
    }

    /** The tensors of one network, without its name. */
    public static Map<String, Tensor> part(Map<String, Tensor> saved, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        saved.forEach((name, tensor) -> {
            if (name.startsWith(prefix + ".")) {
                part.put(name.substring(prefix.length() + 1), tensor);
            }
        });
        return part;
    }
}
