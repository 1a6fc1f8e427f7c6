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
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A model saved by PyTorch as TorchScript ({@code torch.jit.save}): images to logits. Images are normalised by the
 * settings' mean and standard deviation before the model sees them, and its outputs picked by the label map.
 */
public final class TorchScriptClassifier implements Classifier {
    private final Path file;
    private final TorchScriptSettings settings;
    private final JitModule module;

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
                            + firstLine(e) + ")",
                    e);
        }
    }

    /**
     * @throws IllegalStateException if the model cannot take these images, returns no matrix of logits, or has another
     *     number of outputs than the settings say
     */
    @Override
    public Tensor logits(Tensor images) {
        Tensor normalised = settings.mean().isEmpty()
                ? images
                : images.sub(perChannel(settings.mean())).div(perChannel(settings.std()));
        IValue answer;
        try {
            answer = module.forward(new IValueVector(new IValue(normalised)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "%s: the model must take images of shape %s, but fails on them (%s)"
                            .formatted(file, Arrays.toString(Tensors.shape(images)), firstLine(e)),
                    e);
        }
        if (!answer.isTensor()) {
            throw new IllegalStateException(file + ": the model must return a tensor of logits, but returns "
                    + answer.tagKind().getString());
        }
        return pick(answer.toTensor());
    }

    private Tensor pick(Tensor outputs) {
        long[] shape = Tensors.shape(outputs);
        if (shape.length != 2 || shape[1] != settings.outputs()) {
            throw new IllegalStateException(
                    "%s: the model must return logits of shape [n, %d], but returns %s; give the right number of classes, or a label map"
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

    private static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.lines().findFirst().orElse(message);
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
