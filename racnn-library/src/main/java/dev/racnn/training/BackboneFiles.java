package dev.racnn.training;

import dev.racnn.data.Preprocessing;
import dev.racnn.model.TorchScriptSettings;
import dev.racnn.racnn.BundleDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a phi and a phi' that stay as they are come from: the bundle of a baseline, weights of a ResNet, or a TorchScript file
 * with its settings beside it.
 *
 * @param phi folder or file
 * @param features of a TorchScript file: the inner module whose output the features are, or {@code penultimate}; null for what
 *     the model returns
 * @param keys folder or file of phi'; null for that of phi
 * @param keyFeatures as {@code features}, for phi'; if this and {@code keys} are null, phi' is phi
 */
public record BackboneFiles(
        Path phi,
        @Nullable String features,
        @Nullable Path keys,
        @Nullable String keyFeatures) {
    /** Whether phi' is another function than phi. */
    boolean areTwo() {
        return keys != null || keyFeatures != null;
    }

    /** Where phi' comes from. */
    Path ofKeys() {
        return keys == null ? phi : keys;
    }

    /**
     * What the images of phi are made by.
     *
     * @param settings which state the size of the images of weights
     * @throws IOException if there is no such file, or it does not say
     */
    public Preprocessing preprocessing(TrainingSettings settings) throws IOException {
        if (Files.isDirectory(phi)) {
            return BundleDescription.read(phi).preprocessing();
        }
        if (isWeights(phi)) {
            return settings.preprocessing();
        }
        return settings(phi).requirePreprocessing(phi);
    }

    /** How many outputs it has is not asked for. */
    static TorchScriptSettings settings(Path file) throws IOException {
        return TorchScriptSettings.beside(file, 2);
    }

    /** Whether a file holds weights alone, by its ending. */
    static boolean isWeights(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".pth") || name.endsWith(".safetensors");
    }
}
