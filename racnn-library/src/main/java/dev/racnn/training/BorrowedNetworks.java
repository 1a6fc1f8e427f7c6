package dev.racnn.training;

import dev.racnn.model.Networks;
import dev.racnn.model.PaperNetworks;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.BundleDescription.Kind;
import dev.racnn.racnn.Provenance;
import dev.racnn.training.TrainingSettings.ModelKind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A bundle whose networks serve in another one: phi' and g' of a RaCNN as they are, or phi and g of a baseline to begin with.
 *
 * @param folder of the bundle
 * @param weightsSha256 checksum of its weights, hexadecimal
 * @param networks as they were trained, to be closed
 */
record BorrowedNetworks(Path folder, String weightsSha256, Networks networks) implements AutoCloseable {
    /**
     * Opens the bundle of a RaCNN and checks that its phi' fits a training.
     *
     * @throws IOException if it is no complete bundle, or damaged
     * @throws IllegalArgumentException if it holds no phi', or one for other images or another variant of the networks
     */
    static BorrowedNetworks extractor(Path folder, TrainingSettings settings, TrainingData data) throws IOException {
        if (settings.model() == ModelKind.BASELINE) {
            throw new IllegalArgumentException(
                    "a baseline has no phi' that could be taken from %s; leave the extractor out, or set model=racnn"
                            .formatted(folder));
        }
        return open(
                "extractor",
                folder,
                Kind.RACNN,
                "%s holds a baseline, which has no phi'; take the extractor from the bundle of a RaCNN",
                settings,
                data);
    }

    /**
     * Opens the bundle of a baseline and checks that its phi and g fit a training.
     *
     * @throws IOException if it is no complete bundle, or damaged
     * @throws IllegalArgumentException if it is no baseline, or one for other images or another variant of the networks
     */
    static BorrowedNetworks baseline(Path folder, TrainingSettings settings, TrainingData data) throws IOException {
        return open(
                "baseline",
                folder,
                Kind.BASELINE,
                "%s holds a RaCNN; begin with the phi and g of a baseline, or set retrieval.start=extractor",
                settings,
                data);
    }

    private static BorrowedNetworks open(
            String role, Path folder, Kind kind, String otherwise, TrainingSettings settings, TrainingData data)
            throws IOException {
        BundleDescription description = BundleDescription.read(folder);
        if (description.kind() != kind) {
            throw new IllegalArgumentException(otherwise.formatted(folder));
        }
        if (description.architecture() instanceof PaperNetworks(var has)
                && settings.networks() instanceof PaperNetworks(var needed)) {
            if (kind == Kind.RACNN) {
                require(role, folder, "finalMap", has, needed);
            }
        } else {
            require(role, folder, "architecture", description.architecture(), settings.networks());
        }
        require(
                role,
                folder,
                "image size",
                description.imageSize(),
                data.training().imageSize());
        require(
                role,
                folder,
                "classes",
                description.classNames(),
                data.training().classNames());
        return new BorrowedNetworks(folder, description.weightsSha256(), Bundle.trained(folder));
    }

    Provenance.Source provenance() {
        return new Provenance.Source(folder.toString(), weightsSha256);
    }

    @Override
    public void close() {
        networks.close();
    }

    private static void require(String role, Path folder, String what, Object has, Object needed) {
        if (!has.equals(needed)) {
            throw new IllegalArgumentException(
                    "the %s of %s has %s %s, but this training has %s; take one that was trained with the same, or train one"
                            .formatted(role, folder, what, has, needed));
        }
    }
}
