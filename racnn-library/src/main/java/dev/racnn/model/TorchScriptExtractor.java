package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.model.TorchScriptModule.Manner;
import dev.racnn.model.TorchScriptModule.Wanted;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A model saved by PyTorch as TorchScript that serves as phi and phi': images to features, or to logits of which the numbers
 * before them are taken.
 */
public final class TorchScriptExtractor implements FeatureExtractor, AutoCloseable {
    private final TorchScriptModule module;
    private final Bounds bounds;
    private final Precision precision;
    private final int features;

    private TorchScriptExtractor(TorchScriptModule module, Bounds bounds, Precision precision, int features) {
        this.module = module;
        this.bounds = bounds;
        this.precision = precision;
        this.features = features;
    }

    /**
     * Loads a model into CPU memory, in evaluation mode, and tries it.
     *
     * @param settings which state the size of the images
     * @param inner name of an inner module whose output the features are, or {@value InnerOutput#PENULTIMATE} for what the
     *     last layer is given; null for the output of the model
     * @throws IOException if there is no such file or inner module, it is not TorchScript, or cannot serve: it cannot take
     *     images of the size, its features are not flat, it answers at random, or has no gradients
     */
    public static TorchScriptExtractor open(
            Path file, TorchScriptSettings settings, @Nullable String inner, Precision precision) throws IOException {
        ImageSize size = settings.requirePreprocessing(file).imageSize();
        Wanted flat = new Wanted(
                TorchScriptExtractor::isFlat,
                "flat features of shape [n, d]" + (inner == null ? "" : " from " + inner));
        TorchScriptModule module = TorchScriptModule.open(file, settings, inner, flat);
        try {
            Manner manner = module.tried(size);
            if (!manner.deterministic()) {
                throw new IOException(file
                        + ": a backbone must give equal images equal features, but answers at random; save it"
                        + " in evaluation mode (model.eval())");
            }
            if (!manner.differentiable()) {
                throw new IOException(file
                        + ": a backbone must have gradients with respect to its images, but has none; save it"
                        + " without torch.no_grad, detach or quantisation");
            }
            return new TorchScriptExtractor(module, settings.bounds(), precision, manner.width());
        } catch (IllegalStateException e) {
            module.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            module.close();
            throw e;
        }
    }

    /** A vector, or maps of one pixel. */
    private static boolean isFlat(long[] shape) {
        return shape.length == 2 || (shape.length == 4 && shape[2] == 1 && shape[3] == 1);
    }

    /** Length of a feature. */
    public int dimension() {
        return features;
    }

    @Override
    public Tensor features(Tensor images) {
        try (var scope = Scope.open();
                var _ = precision.autocast()) {
            return scope.escape(module.answer(bounds.spread(images)).flatten(1, -1));
        }
    }

    @Override
    public void close() {
        module.close();
    }
}
