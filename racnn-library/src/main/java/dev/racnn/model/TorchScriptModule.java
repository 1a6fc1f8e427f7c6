package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.LibtorchFault;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.attribute_iterator;
import org.bytedeco.pytorch.attribute_list;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Foreign code that maps images to numbers: a model in TorchScript. It gets copies, so that it may write into what it is
 * given, and gives copies, so that what it keeps is its own.
 *
 * <p>Two made-up images, answered before the first others, tell how it is to be used: whether it takes images channels-last,
 * in which libtorch's convolutions are two to three times faster (a script may ask for a view that only the usual layout
 * allows, or read memory in an order of its own), and whether it gives equal images equal answers. Weights of another
 * floating-point type are made float32; a model that cannot have that gets images of its own type.
 *
 * <p>A long file, because what a foreign model may do is found out in one place.
 */
final class TorchScriptModule implements AutoCloseable {
    private static final double GOLDEN_RATIO = 1.618033988749895;
    /** How far apart, relative to the largest number, the layouts may be. */
    private static final double ROUNDING = 1e-3;

    private final Path file;
    private final TorchScriptSettings settings;
    private final Wanted wanted;
    private JitModule module;
    private ScalarType type = ScalarType.Float;
    private volatile @Nullable Manner manner;

    /**
     * Which of a model's outputs is meant.
     *
     * @param fits tells by shape
     * @param description what fits, for people
     */
    record Wanted(Predicate<long[]> fits, String description) {}

    /**
     * What trying a model told.
     *
     * @param channelsLast whether images may come in this layout
     * @param deterministic whether equal images get equal answers
     * @param differentiable whether answers have gradients with respect to the images
     * @param width numbers that an image is answered with
     */
    record Manner(boolean channelsLast, boolean deterministic, boolean differentiable, int width) {}

    private TorchScriptModule(Path file, TorchScriptSettings settings, Wanted wanted, JitModule module) {
        this.file = file;
        this.settings = settings;
        this.wanted = wanted;
        this.module = module;
    }

    /**
     * Loads a model into CPU memory, in evaluation mode.
     *
     * @param inner what it shall return instead of its own output, see {@link InnerOutput}; null for that
     * @throws IOException if there is no such file, it is not TorchScript, or has no such inner output
     */
    static TorchScriptModule open(Path file, TorchScriptSettings settings, @Nullable String inner, Wanted wanted)
            throws IOException {
        JitModule module = TorchScriptFile.load(file);
        if (inner != null) {
            try (var _ = Scope.open()) {
                InnerOutput.expose(module, inner);
            } catch (IllegalArgumentException e) {
                module.close();
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        return new TorchScriptModule(file, settings, wanted, module);
    }

    /**
     * The wanted output.
     *
     * @param images float32 [B, 3, H, W]
     * @return float32, of the wanted shape
     * @throws IllegalStateException if the model cannot take these images or returns something else
     */
    Tensor answer(Tensor images) {
        requireSize(images);
        boolean channelsLast;
        try {
            channelsLast = tried(size(images)).channelsLast();
        } catch (IllegalStateException e) {
            // What the model says of these images tells more than what it says of made-up ones.
            channelsLast = false;
        }
        return answer(images, channelsLast);
    }

    /**
     * How the model is to be used, found out with images of this size if that was not yet.
     *
     * @throws IllegalStateException if it cannot take them or returns something else than what is wanted
     */
    synchronized Manner tried(ImageSize size) {
        Manner known = manner;
        if (known == null) {
            known = tryOut(size);
            manner = known;
        }
        return known;
    }

    @Override
    public void close() {
        module.close();
    }

    private Manner tryOut(ImageSize size) {
        try (var _ = Scope.open()) {
            // What is found out of a model that answers at random hangs on no earlier draw.
            new Seed(0).derive("trial").use();
            Tensor made = madeUp(size);
            boolean channelsLast;
            boolean deterministic;
            int width;
            try (var _ = new NoGradGuard()) {
                Tensor first = firstAnswer(made);
                deterministic = Arrays.equals(Tensors.toFloats(first), Tensors.toFloats(answer(made, false)));
                channelsLast = deterministic && takesChannelsLast(made, first);
                width = (int) (first.numel() / first.size(0));
            }
            if (deterministic) {
                freeze(made);
            }
            return new Manner(channelsLast, deterministic, hasGradients(made), width);
        }
    }

    /** Whether the backward pass arrives at the images: some layers, quantised ones among them, promise it and fail. */
    private boolean hasGradients(Tensor made) {
        Tensor images = made.clone().set_requires_grad(true);
        Tensor answer = answer(images, false);
        if (!answer.requires_grad()) {
            return false;
        }
        try {
            answer.square().sum().backward();
            return images.grad().defined();
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Answers with weights made float32 or, if the code does not allow that, with images of the weights' type. */
    private Tensor firstAnswer(Tensor made) {
        ScalarType saved = savedType();
        if (saved == ScalarType.Float) {
            return answer(made, false);
        }
        JitModule original = Scope.unscoped(module.deepcopy());
        useFloat32();
        try {
            Tensor first = answer(made, false);
            original.close();
            return first;
        } catch (IllegalStateException converted) {
            module.close();
            module = original;
            type = saved;
            try {
                return answer(made, false);
            } catch (IllegalStateException e) {
                converted.addSuppressed(e);
                throw converted;
            }
        }
    }

    /** The floating-point type of the weights: one that is not float32 if there is any such. */
    private ScalarType savedType() {
        ScalarType saved = ScalarType.Float;
        attribute_list attributes = module.attributes();
        for (attribute_iterator a = attributes.begin(); a.notEquals(attributes.end()); a.increment()) {
            if (isOtherFloat(a.multiply())) {
                saved = a.multiply().toTensor().scalar_type().intern();
            }
        }
        return saved;
    }

    private void useFloat32() {
        attribute_list attributes = module.attributes();
        for (attribute_iterator a = attributes.begin(); a.notEquals(attributes.end()); a.increment()) {
            if (isOtherFloat(a.multiply())) {
                Tensor weights = a.multiply().toTensor();
                weights.set_data(weights.to(ScalarType.Float));
            }
        }
    }

    private static boolean isOtherFloat(IValue attribute) {
        return attribute.isTensor()
                && torch.isFloatingType(attribute.toTensor().scalar_type())
                && attribute.toTensor().scalar_type().intern() != ScalarType.Float;
    }

    /** Fractions of multiples of the golden ratio: neighbouring pixels differ, so that an order mixed up shows. */
    private Tensor madeUp(ImageSize size) {
        return settings.bounds()
                .spread(Tensors.range(2L * size.bytes())
                        .to(ScalarType.Float)
                        .mul(new Scalar(GOLDEN_RATIO))
                        .frac())
                .reshape(2, ImageSize.CHANNELS, size.height(), size.width());
    }

    private boolean takesChannelsLast(Tensor made, Tensor usual) {
        try {
            return agree(answer(made, true), usual);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * Takes the frozen model, whose weights are constants and whose normalisation is in the layers before it, if it answers and has
     * gradients as this one.
     */
    private void freeze(Tensor made) {
        JitModule saved = module;
        List<Tensor> before;
        JitModule frozen;
        try {
            before = passes(made);
            frozen = Scope.unscoped(torch.freeze(saved));
        } catch (RuntimeException e) {
            // A script that cannot be frozen, or has no backward pass, stays as it is.
            return;
        }
        module = frozen;
        if (answersAs(before, made)) {
            saved.close();
        } else {
            module = saved;
            frozen.close();
        }
    }

    private boolean answersAs(List<Tensor> before, Tensor made) {
        try {
            List<Tensor> now = passes(made);
            return now.size() == before.size()
                    && IntStream.range(0, now.size()).allMatch(i -> agree(now.get(i), before.get(i)));
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** The answer and, if there is one, the gradient of a function of it. */
    private List<Tensor> passes(Tensor made) {
        Tensor images = made.clone().set_requires_grad(true);
        Tensor answer = answer(images, false);
        if (!answer.requires_grad()) {
            return List.of(answer);
        }
        answer.square().sum().backward();
        return List.of(answer.detach(), images.grad());
    }

    /** Whether two answers differ by rounding alone: another order of the pixels is far above. NaN is refused. */
    private static boolean agree(Tensor one, Tensor usual) {
        double largest = Tensors.toDoubles(usual.abs().max())[0];
        return Tensors.toDoubles(one.sub(usual).abs().max())[0] <= ROUNDING * largest;
    }

    private Tensor answer(Tensor images, boolean channelsLast) {
        MemoryFormat layout = channelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        Tensor input = settings.mean().isEmpty()
                ? images.clone(new MemoryFormatOptional(layout))
                : images.sub(perChannel(settings.mean()))
                        .div(perChannel(settings.std()))
                        .contiguous(layout);
        IValue answer;
        try {
            answer = module.forward(new IValueVector(new IValue(input.to(type))));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "%s: the model must take images of shape %s, but fails on them (%s)"
                            .formatted(file, Arrays.toString(Tensors.shape(images)), LibtorchFault.of(e)),
                    e);
        }
        try {
            return TorchScriptOutput.of(answer)
                    .chosen(settings.output(), wanted.fits(), wanted.description())
                    .to(ScalarType.Float, false, true, new MemoryFormatOptional());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    private void requireSize(Tensor images) {
        ImageSize needed = settings.imageSize();
        if (needed != null && !needed.equals(size(images))) {
            throw new IllegalArgumentException(
                    "%s: images must be %s, as its YAML file says, but are %s".formatted(file, needed, size(images)));
        }
    }

    private static ImageSize size(Tensor images) {
        return new ImageSize((int) images.size(2), (int) images.size(3));
    }

    private static Tensor perChannel(List<Double> values) {
        double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
        return Tensors.of(numbers, 1, numbers.length, 1, 1).to(ScalarType.Float);
    }
}
