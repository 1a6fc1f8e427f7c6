package dev.racnn.training;

import dev.racnn.model.Networks;
import dev.racnn.model.PaperNetworks;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import dev.racnn.training.TrainingSettings.ModelKind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A RaCNN whose phi' and g' serve in another one.
 *
 * @param folder of its bundle
 * @param weightsSha256 checksum of its weights, hexadecimal
 * @param networks as they were trained, to be closed
 */
record BorrowedExtractor(Path folder, String weightsSha256, Networks networks) implements AutoCloseable {
    /**
     * Opens a bundle and checks that its phi' fits a training.
     *
     * @throws IOException if it is no complete bundle, or damaged
     * @throws IllegalArgumentException if it holds no phi', or one for other images or another variant of the networks
     */
    static BorrowedExtractor open(Path folder, TrainingSettings settings, TrainingData data) throws IOException {
        if (settings.model() == ModelKind.BASELINE) {
            throw new IllegalArgumentException(
                    "a baseline has no phi' that could be taken from %s; leave the extractor out, or set model=racnn"
                            .formatted(folder));
        }
        BundleDescription description = BundleDescription.read(folder);
        if (description.kind() != BundleDescription.Kind.RACNN) {
            throw new IllegalArgumentException(
                    "%s holds a baseline, which has no phi'; take the extractor from the bundle of a RaCNN"
                            .formatted(folder));
        }
        if (description.architecture() instanceof PaperNetworks(var has)
                && settings.networks() instanceof PaperNetworks(var needed)) {
            require(folder, "finalMap", has, needed);
        } else {
            require(folder, "architecture", description.architecture(), settings.networks());
        }
        require(folder, "image size", description.imageSize(), data.training().imageSize());
        require(folder, "classes", description.classNames(), data.training().classNames());
        return new BorrowedExtractor(folder, description.weightsSha256(), Bundle.trained(folder));
    }

    Provenance.Extractor provenance() {
        return new Provenance.Extractor(folder.toString(), weightsSha256);
    }

    @Override
    public void close() {
        networks.close();
    }

    private static void require(Path folder, String what, Object has, Object needed) {
        if (!has.equals(needed)) {
            throw new IllegalArgumentException(
                    "the extractor of %s has %s %s, but this training has %s; take one that was trained with the same, or train one"
                            .formatted(folder, what, has, needed));
        }
    }
}
