package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A chain of {@link Layer}s with its parameters and running statistics: phi, g, phi' or g'.
 *
 * <p>A long file, because what a kind of layer declares, how it passes and how it folds are read together.
 */
public final class Network implements AutoCloseable {
    private static final double RUNNING_MOMENTUM = 0.1;
    static final double VARIANCE_FLOOR = 1e-5;

    private final List<Layer> layers;
    private final Parameters parameters;
    private final Map<String, Tensor> statistics = new LinkedHashMap<>();
    private final Map<String, FeatureExtractor> functions = new LinkedHashMap<>();

    private Network(List<Layer> layers, ScalarType type) {
        this.layers = List.copyOf(layers);
        List<Parameters.Shape> shapes = new ArrayList<>();
        declare(layers, type, shapes);
        parameters = new Parameters(shapes, type);
    }

    /** Notes the parameters of layers, in the order in which they lie in the buffer, and makes their statistics. */
    private void declare(List<Layer> layers, ScalarType type, List<Parameters.Shape> shapes) {
        for (Layer layer : layers) {
            switch (layer) {
                case Layer.Convolution c -> {
                    shapes.add(new Parameters.Shape(weight(c.name()), c.out(), c.in(), c.kernel(), c.kernel()));
                    addBias(shapes, c.name(), c.out(), c.bias());
                }
                case Layer.FullyConnected f -> {
                    shapes.add(new Parameters.Shape(weight(f.name()), f.out(), f.in()));
                    addBias(shapes, f.name(), f.out(), f.bias());
                }
                case Layer.BatchNormalisation b -> {
                    shapes.add(new Parameters.Shape(weight(b.name()), b.channels()));
                    addBias(shapes, b.name(), b.channels(), true);
                    statistics.put(mean(b.name()), constant(0, b.channels(), type));
                    statistics.put(variance(b.name()), constant(1, b.channels(), type));
                }
                case Layer.Residual r -> {
                    declare(r.body(), type, shapes);
                    declare(r.shortcut(), type, shapes);
                }
                case Layer.Relu _,
                        Layer.MaxPool _,
                        Layer.GlobalAveragePool _,
                        Layer.CentreCrop _,
                        Layer.Flatten _,
                        Layer.Foreign _,
                        Layer.Standardisation _ -> {}
            }
        }
    }

    /**
     * A network with weights and biases drawn uniformly from +-1 / sqrt(inputs of a unit); batch normalisation starts as
     * the identity.
     *
     * @param seed equal seeds give equal weights
     */
    public static Network random(List<Layer> layers, long seed) {
        return random(layers, seed, ScalarType.Float);
    }

    /** A network whose numbers are all to be loaded. */
    public static Network blank(List<Layer> layers) {
        return new Network(layers, ScalarType.Float);
    }

    /** The same in another floating-point type. */
    static Network blank(List<Layer> layers, ScalarType type) {
        return new Network(layers, type);
    }

    /** As {@link #random(List, long)}, in another floating-point type: double precision for gradient checks. */
    public static Network random(List<Layer> layers, long seed, ScalarType type) {
        Network network = new Network(layers, type);
        network.draw(layers, new SplittableRandom(seed));
        return network;
    }

    /**
     * A network of its own whose answers are those of this one in {@link Pass#EVALUATION} up to rounding, with batch
     * normalisation put into convolutions and products once and for all. It is not trainable.
     */
    public Network folded() {
        return Folding.of(this);
    }

    /** Whether layers and numbers are those of another network; never where foreign code is among them. */
    public boolean sameAs(Network other) {
        Map<String, Tensor> others = other.state();
        return layers.equals(other.layers)
                && functions.isEmpty()
                && state().entrySet().stream()
                        .allMatch(own -> own.getValue().equal(Objects.requireNonNull(others.get(own.getKey()))));
    }

    /** The layers in the order in which they are applied. */
    public List<Layer> layers() {
        return layers;
    }

    /**
     * Gives the network what it knows by name alone.
     *
     * @param name of a {@link Layer.Foreign}
     * @param function which the caller closes after the network
     */
    public void give(String name, FeatureExtractor function) {
        functions.put(name, function);
    }

    /** The functions that the network was given. */
    Map<String, FeatureExtractor> functions() {
        return functions;
    }

    /** What is trained. */
    public Parameters parameters() {
        return parameters;
    }

    /** Parameters and running statistics by name, as they are saved; writing into them changes the network. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(parameters.named());
        state.putAll(statistics);
        return state;
    }

    /**
     * Takes over saved parameters and running statistics.
     *
     * @param saved tensors by name; other names than this network's are ignored
     * @throws IllegalArgumentException if a name is missing or a shape differs; the network may then be half loaded
     */
    public void load(Map<String, Tensor> saved) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            state().forEach((name, target) -> {
                Tensor source = saved.get(name);
                if (source == null) {
                    throw new IllegalArgumentException("the weights lack " + name
                            + "; were they saved from another network? They hold " + saved.keySet());
                }
                if (!Arrays.equals(Tensors.shape(source), Tensors.shape(target))) {
                    throw new IllegalArgumentException("%s has shape %s in the weights, but the network needs %s"
                            .formatted(
                                    name,
                                    Arrays.toString(Tensors.shape(source)),
                                    Arrays.toString(Tensors.shape(target))));
                }
                target.copy_(source);
            });
        }
    }

    /**
     * Applies the layers.
     *
     * @param input [B, 3, H, W] or [B, components], whatever the first layer takes
     * @return what the last layer gives, [B, ..]
     */
    public Tensor forward(Tensor input, Pass pass) {
        return forward(input, pass, layers.size());
    }

    /** Applies the layers in a precision; what they give is made float32, whatever the precision. */
    public Tensor forward(Tensor input, Pass pass, Precision precision) {
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            return scope.escape(forward(input, pass).to(ScalarType.Float));
        }
    }

    /** How many layers there are up to the last map, before it is pooled or laid out as a vector. */
    public int mapLayers() {
        int count = 0;
        while (count < layers.size()
                && !(layers.get(count) instanceof Layer.GlobalAveragePool)
                && !(layers.get(count) instanceof Layer.Flatten)) {
            count++;
        }
        return count;
    }

    /** Applies the first {@code count} layers only. */
    public Tensor forward(Tensor input, Pass pass, int count) {
        return forward(input, pass, 0, count);
    }

    /**
     * Applies some of the layers.
     *
     * @param input what the layer at {@code from} takes
     * @param from the first layer, from 0
     * @param to the layer after the last
     */
    public Tensor forward(Tensor input, Pass pass, int from, int to) {
        try (var scope = Scope.open()) {
            Tensor x = input.dim() == 4 ? input.contiguous(MemoryFormat.ChannelsLast) : input;
            return scope.escape(apply(layers.subList(from, to), x, pass));
        }
    }

    /** The shape [channels, height, width] or [components] of one example after each layer. */
    public List<long[]> shapes(ImageSize size) {
        List<long[]> shapes = new ArrayList<>();
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor x = Tensors.zeros(
                    parameters.values().scalar_type(), 1, ImageSize.CHANNELS, size.height(), size.width());
            for (Layer layer : layers) {
                x = apply(layer, x, Pass.EVALUATION);
                long[] shape = Tensors.shape(x);
                shapes.add(Arrays.copyOfRange(shape, 1, shape.length));
            }
        }
        return shapes;
    }

    @Override
    public void close() {
        parameters.close();
        statistics.values().forEach(Tensor::close);
    }

    /** Applies layers one after the other; what only the next layer reads is let go as soon as it has. */
    private Tensor apply(List<Layer> chain, Tensor input, Pass pass) {
        Tensor x = input;
        boolean own = false;
        for (Layer layer : chain) {
            if (layer instanceof Layer.Relu(boolean inPlace) && inPlace) {
                torch.relu_(x);
                continue;
            }
            Tensor next = apply(layer, x, pass);
            if (own) {
                x.close();
            }
            x = next;
            own = true;
        }
        return x;
    }

    private Tensor apply(Layer layer, Tensor x, Pass pass) {
        return switch (layer) {
            case Layer.Convolution c ->
                torch.conv2d(
                        x,
                        parameter(weight(c.name())),
                        c.bias() ? new TensorOptional(parameter(bias(c.name()))) : new TensorOptional(),
                        square(c.stride()),
                        square(c.padding()),
                        square(1),
                        1);
            case Layer.FullyConnected f ->
                torch.linear(
                        x,
                        parameter(weight(f.name())),
                        f.bias() ? new TensorOptional(parameter(bias(f.name()))) : new TensorOptional());
            case Layer.BatchNormalisation b -> normalise(b.name(), x, pass);
            case Layer.Relu _ -> torch.relu(x);
            case Layer.Residual r -> apply(r.body(), x, pass).add(apply(r.shortcut(), x, pass));
            case Layer.MaxPool p ->
                torch.max_pool2d(x, square(p.kernel()), square(p.stride()), square(p.padding()), square(1), false);
            case Layer.GlobalAveragePool _ -> torch.adaptive_avg_pool2d(x, square(1));
            case Layer.CentreCrop crop -> crop(crop, crop(crop, x, 2), 3);
            // Maps are stored channels-last; the paper's flattened key counts channels first, like everything saved.
            case Layer.Flatten _ -> x.flatten(1, -1);
            case Layer.Foreign f -> function(f.name()).features(x);
            case Layer.Standardisation s -> x.sub(perChannel(s.mean(), x)).div(perChannel(s.std(), x));
        };
    }

    private static long[] square(long side) {
        return new long[] {side, side};
    }

    private static Tensor perChannel(List<Double> numbers, Tensor like) {
        double[] values = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        return Tensors.of(values, 1, values.length, 1, 1).to(like.scalar_type());
    }

    private Tensor normalise(String name, Tensor x, Pass pass) {
        boolean running = pass != Pass.BATCH_STATISTICS;
        return torch.batch_norm(
                x,
                new TensorOptional(parameter(weight(name))),
                new TensorOptional(parameter(bias(name))),
                running ? new TensorOptional(statistic(mean(name))) : new TensorOptional(),
                running ? new TensorOptional(statistic(variance(name))) : new TensorOptional(),
                pass != Pass.EVALUATION,
                RUNNING_MOMENTUM,
                VARIANCE_FLOOR,
                false);
    }

    private static Tensor crop(Layer.CentreCrop crop, Tensor x, int dimension) {
        if (x.size(dimension) != crop.from()) {
            throw new IllegalArgumentException(
                    "the map before the crop must be %s wide and high, but is %s; give the network images of the size that it was made for"
                            .formatted(crop.from(), x.size(dimension)));
        }
        int border = (crop.from() - crop.to()) / 2;
        return x.slice(dimension, new LongOptional(border), new LongOptional((long) border + crop.to()), 1);
    }

    private Tensor parameter(String name) {
        return present(parameters.named().get(name), name);
    }

    private Tensor statistic(String name) {
        return present(statistics.get(name), name);
    }

    private FeatureExtractor function(String name) {
        FeatureExtractor function = functions.get(name);
        if (function == null) {
            throw new IllegalStateException("the network was not given " + name);
        }
        return function;
    }

    private static Tensor present(@org.jspecify.annotations.Nullable Tensor tensor, String name) {
        if (tensor == null) {
            throw new IllegalStateException("the network has no tensor named " + name);
        }
        return tensor;
    }

    private void draw(List<Layer> chain, SplittableRandom random) {
        for (Layer layer : chain) {
            switch (layer) {
                case Layer.Convolution c -> draw(c.name(), c.bias(), (long) c.in() * c.kernel() * c.kernel(), random);
                case Layer.FullyConnected f -> draw(f.name(), f.bias(), f.in(), random);
                case Layer.BatchNormalisation b -> fill(weight(b.name()), () -> 1);
                case Layer.Residual r -> {
                    draw(r.body(), random);
                    draw(r.shortcut(), random);
                }
                case Layer.Relu _,
                        Layer.MaxPool _,
                        Layer.GlobalAveragePool _,
                        Layer.CentreCrop _,
                        Layer.Flatten _,
                        Layer.Foreign _,
                        Layer.Standardisation _ -> {}
            }
        }
    }

    private void draw(String name, boolean bias, long inputs, SplittableRandom random) {
        double limit = 1 / Math.sqrt((double) inputs);
        fill(weight(name), () -> (float) random.nextDouble(-limit, limit));
        if (bias) {
            fill(bias(name), () -> (float) random.nextDouble(-limit, limit));
        }
    }

    private void fill(String name, Source source) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor target = parameter(name);
            float[] numbers = new float[Math.toIntExact(target.numel())];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = source.next();
            }
            target.copy_(Tensors.of(numbers, Tensors.shape(target)));
        }
    }

    private static void addBias(List<Parameters.Shape> shapes, String name, int size, boolean bias) {
        if (bias) {
            shapes.add(new Parameters.Shape(bias(name), size));
        }
    }

    private static Tensor constant(int value, int size, ScalarType type) {
        try (var _ = Scope.open()) {
            return Scope.unscoped(Tensors.full(type, value, size));
        }
    }

    private static String weight(String name) {
        return name + ".weight";
    }

    private static String bias(String name) {
        return name + ".bias";
    }

    private static String mean(String name) {
        return name + ".running_mean";
    }

    private static String variance(String name) {
        return name + ".running_var";
    }

    /** A stream of numbers. */
    @FunctionalInterface
    private interface Source {
        float next();
    }
}
