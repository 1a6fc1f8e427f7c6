package dev.racnn.model;

import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Puts batch normalisation with fixed statistics into the affine map before it: gamma (Wx + b - mean) / sigma + beta is an
 * affine map as well. A ReLU after an affine map or a residual sum may then write over its input, which nothing else reads.
 */
final class Folding {
    private final Map<String, Tensor> before;
    private final Map<String, Tensor> after = new HashMap<>();

    private Folding(Map<String, Tensor> before) {
        this.before = before;
    }

    /** A network of its own that answers as the given one does in {@link Pass#EVALUATION}, up to rounding. */
    static Network of(Network network) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Folding folding = new Folding(network.state());
            List<Layer> folded = folding.fold(network.layers());
            ScalarType type = network.parameters().values().scalar_type().intern() == ScalarType.Double
                    ? ScalarType.Double
                    : ScalarType.Float;
            Network result = Network.blank(folded, type);
            result.load(folding.after);
            result.parameters().trainable(false);
            network.functions().forEach(result::give);
            return result;
        }
    }

    private List<Layer> fold(List<Layer> chain) {
        List<Layer> folded = new ArrayList<>();
        chain.forEach(layer -> add(folded, layer));
        return folded;
    }

    private void add(List<Layer> folded, Layer layer) {
        Layer last = folded.isEmpty() ? new Layer.Flatten() : folded.getLast();
        switch (layer) {
            case Layer.BatchNormalisation b
            when last instanceof Layer.Convolution c -> {
                replaceLast(folded, c.withBias());
                scale(c.name(), b.name(), c.bias(), 4);
            }
            case Layer.BatchNormalisation b
            when last instanceof Layer.FullyConnected f -> {
                replaceLast(folded, f.withBias());
                scale(f.name(), b.name(), f.bias(), 2);
            }
            case Layer.Relu _
            when last instanceof Layer.Convolution
                    || last instanceof Layer.FullyConnected
                    || last instanceof Layer.Residual -> folded.add(new Layer.Relu(true));
            case Layer.Residual r -> folded.add(new Layer.Residual(fold(r.body()), fold(r.shortcut())));
            default -> {
                folded.add(layer);
                keep(layer);
            }
        }
    }

    private static void replaceLast(List<Layer> folded, Layer layer) {
        folded.removeLast();
        folded.add(layer);
    }

    private void keep(Layer layer) {
        String name = switch (layer) {
            case Layer.Convolution c -> c.name();
            case Layer.FullyConnected f -> f.name();
            case Layer.BatchNormalisation b -> b.name();
            default -> null;
        };
        if (name != null) {
            before.forEach((tensor, value) -> {
                if (tensor.startsWith(name + ".")) {
                    after.put(tensor, value);
                }
            });
        }
    }

    /** Computed in double precision, so that what is rounded is the result alone. */
    private void scale(String affine, String normalisation, boolean bias, int dimensions) {
        Tensor gamma = doubles(normalisation + ".weight");
        Tensor scale = gamma.div(doubles(normalisation + ".running_var")
                .add(new Scalar(Network.VARIANCE_FLOOR))
                .sqrt());
        long[] perOutput = new long[dimensions];
        Arrays.fill(perOutput, 1);
        perOutput[0] = scale.numel();
        Tensor mean = doubles(normalisation + ".running_mean");
        Tensor constant = bias ? doubles(affine + ".bias").sub(mean) : mean.neg();
        after.put(affine + ".weight", doubles(affine + ".weight").mul(scale.view(perOutput)));
        after.put(affine + ".bias", torch.addcmul(doubles(normalisation + ".bias"), constant, scale));
    }

    private Tensor doubles(String name) {
        Tensor tensor = before.get(name);
        if (tensor == null) {
            throw new IllegalStateException("the network has no tensor named " + name);
        }
        return tensor.to(ScalarType.Double);
    }
}
