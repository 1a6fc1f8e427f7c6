package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.model.TorchScriptModule.Wanted;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;

/**
 * A model saved by PyTorch as TorchScript ({@code torch.jit.save}): images to logits. Images are normalised by the
 * settings' mean and standard deviation before the model sees them, and its outputs picked by the label map.
 */
public final class TorchScriptClassifier implements Classifier {
    private final TorchScriptSettings settings;
    private final TorchScriptModule module;

    private TorchScriptClassifier(TorchScriptSettings settings, TorchScriptModule module) {
        this.settings = settings;
        this.module = module;
    }

    /**
     * Loads a model into CPU memory, in evaluation mode.
     *
     * @throws IOException if there is no such file, or it is not TorchScript
     */
    public static TorchScriptClassifier open(Path file, TorchScriptSettings settings) throws IOException {
        Wanted logits = new Wanted(
                shape -> shape.length == 2 && shape[1] == settings.outputs(),
                "logits of shape [n, %s]".formatted(settings.outputs()));
        return new TorchScriptClassifier(settings, TorchScriptModule.open(file, settings, null, logits));
    }

    /**
     * @throws IllegalStateException if the model cannot take these images, returns no matrix of logits, or has another
     *     number of outputs than the settings say
     * @throws IllegalArgumentException if the images have another size than the settings say
     */
    @Override
    public Tensor logits(Tensor images) {
        Tensor outputs = module.answer(images);
        return settings.labelMap().isEmpty()
                ? outputs
                : outputs.index_select(
                        1,
                        Tensors.of(settings.labelMap().stream()
                                .mapToInt(Integer::intValue)
                                .toArray()));
    }

    @Override
    public int classes() {
        return settings.classes();
    }

    @Override
    public Bounds bounds() {
        return settings.bounds();
    }

    /** Found out by asking twice. */
    @Override
    public boolean deterministic(ImageSize size) {
        return module.tried(size).deterministic();
    }

    @Override
    public void close() {
        module.close();
    }
}
