package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feature extractor of somebody's own, saved as TorchScript, with one linear layer on it.
 *
 * @param file name of the file in the folder of the model
 * @param sha256 checksum of the file, hexadecimal
 * @param settings what the file does not say about itself
 * @param inner whose output the features are, see {@link TorchScriptExtractor#open}; null for the output of the model
 * @param features length of a feature
 */
public record TorchScriptBackbone(
        String file,
        String sha256,
        TorchScriptSettings settings,
        @Nullable String inner,
        int features) implements Architecture {
    @Override
    public List<Layer> phi() {
        return List.of(new Layer.Foreign(file));
    }

    @Override
    public List<Layer> g(int classes) {
        return List.of(new Layer.FullyConnected("fc", features, classes, true));
    }

    @Override
    public void requireSize(ImageSize size) {
        ImageSize needed = settings.imageSize();
        if (needed != null && !needed.equals(size)) {
            throw new IllegalArgumentException(
                    "%s takes images of %s, as its YAML file says, but these are %s".formatted(file, needed, size));
        }
    }

    /**
     * Loads the file.
     *
     * @param folder where it lies
     * @throws IOException as {@link TorchScriptExtractor#open}
     */
    public TorchScriptExtractor open(Path folder, Precision precision) throws IOException {
        return TorchScriptExtractor.open(folder.resolve(file), settings, inner, precision);
    }
}
