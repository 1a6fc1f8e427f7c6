package dev.racnn.model;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;

/**
 * A model saved by PyTorch as TorchScript ({@code torch.jit.save}): images to logits. Images are normalised by the
 * settings' mean and standard deviation before the model sees them, and its outputs picked by the label map.
 *
 * <p>A model gets its images channels-last, in which libtorch's convolutions are two to three times faster, if it takes them
 * so: a script may ask for a view that only the usual layout allows, or read memory in an order of its own. Two made-up
 * images, passed through the model in both layouts before the first answer, tell.
 */
public final class TorchScriptClassifier implements Classifier {
    private static final String RUNTIME_ERROR = "RuntimeError: ";
    private static final int CHANNELS = 3;
    private static final double GOLDEN_RATIO = 1.618033988749895;
    /** How far apart, relative to the largest logit, the layouts may be. */
    private static final double ROUNDING = 1e-3;

    private final Path file;
    private final TorchScriptSettings settings;
    private final JitModule module;
    /** Whether the model takes images channels-last; null until it has seen some. */
    private volatile @Nullable Boolean channelsLast;

    private TorchScriptClassifier(Path file, TorchScriptSettings settings, JitModule module) {
        this.file = file;
        this.settings = settings;
        this.module = module;
    }

    /**
     * Loads a model into CPU memory, in evaluation mode.
     *
     * @throws IOException if there is no such file, or it is not TorchScript
     */
    public static TorchScriptClassifier open(Path file, TorchScriptSettings settings) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such TorchScript file");
        }
        try (var _ = Scope.open()) {
            // The profiling executor compiles anew for every batch size, and attacks shrink their batches all the time.
            torch.getExecutorMode().put(false);
            JitModule module = torch.load(file.toString());
            module.eval();
            return new TorchScriptClassifier(file, settings, Scope.unscoped(module));
        } catch (RuntimeException e) {
            throw new IOException(
                    file + ": must be a TorchScript file, as torch.jit.save writes it, but cannot be read as one ("
                            + reason(e) + ")",
                    e);
        }
    }

    /**
     * @throws IllegalStateException if the model cannot take these images, returns no matrix of logits, or has another
     *     number of outputs than the settings say
     */
    @Override
    public Tensor logits(Tensor images) {
        Boolean last = channelsLast;
        if (last == null) {
            last = takesChannelsLast(images);
            channelsLast = last;
        }
        return pick(answer(last ? images.contiguous(MemoryFormat.ChannelsLast) : images));
    }

    /** Whether the model says the same of images of this height and width in either layout. */
    private boolean takesChannelsLast(Tensor like) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            long height = like.size(2);
            long width = like.size(3);
            // Fractions of multiples of the golden ratio: neighbouring pixels differ, so that an order mixed up shows.
            Tensor made = torch.arange(new Scalar(2 * CHANNELS * height * width))
                    .mul(new Scalar(GOLDEN_RATIO))
                    .frac()
                    .mul(new Scalar(bounds().range()))
                    .add(new Scalar(bounds().min()))
                    .reshape(2, CHANNELS, height, width);
            Tensor usual = answer(made);
            Tensor difference =
                    answer(made.contiguous(MemoryFormat.ChannelsLast)).sub(usual);
            double largest = Tensors.toDoubles(usual.abs().max())[0];
            // Rounding is far below, another order of the pixels far above; NaN is refused.
            return Tensors.toDoubles(difference.abs().max())[0] <= ROUNDING * largest;
        } catch (RuntimeException e) {
            // Whether the model can take images of this size at all shows in the usual layout.
            return false;
        }
    }

    private Tensor answer(Tensor images) {
        Tensor normalised = settings.mean().isEmpty()
                ? images
                : images.sub(perChannel(settings.mean())).div(perChannel(settings.std()));
        IValue answer;
        try {
            answer = module.forward(new IValueVector(new IValue(normalised)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "%s: the model must take images of shape %s, but fails on them (%s)"
                            .formatted(file, Arrays.toString(Tensors.shape(images)), reason(e)),
                    e);
        }
        if (!answer.isTensor()) {
            throw new IllegalStateException(file + ": the model must return a tensor of logits, but returns "
                    + answer.tagKind().getString());
        }
        return answer.toTensor();
    }

    private Tensor pick(Tensor outputs) {
        long[] shape = Tensors.shape(outputs);
        if (shape.length != 2 || shape[1] != settings.outputs()) {
            throw new IllegalStateException(
                    "%s: the model must return logits of shape [n, %s], but returns %s; give the right number of classes, or a label map"
                            .formatted(file, settings.outputs(), Arrays.toString(shape)));
        }
        return settings.labelMap().isEmpty()
                ? outputs
                : outputs.index_select(
                        1,
                        Tensors.of(settings.labelMap().stream()
                                .mapToInt(Integer::intValue)
                                .toArray()));
    }

    private static Tensor perChannel(List<Double> values) {
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i).floatValue();
        }
        return Tensors.of(numbers, 1, numbers.length, 1, 1);
    }

    /** What libtorch says went wrong: the line after the stack of the script, if there is one, else the first line. */
    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.lines()
                .filter(line -> line.startsWith(RUNTIME_ERROR))
                .map(line -> line.substring(RUNTIME_ERROR.length()))
                .findFirst()
                .orElseGet(() -> message.lines().findFirst().orElse(message));
    }

    @Override
    public int classes() {
        return settings.classes();
    }

    @Override
    public Bounds bounds() {
        return settings.bounds();
    }

    @Override
    public void close() {
        module.close();
    }
}
