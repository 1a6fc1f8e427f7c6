package dev.racnn.training;

import dev.racnn.data.Preprocessing;
import dev.racnn.files.AtomicFile;
import dev.racnn.files.Sha256;
import dev.racnn.model.Architecture;
import dev.racnn.model.Frozen;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.ResNet;
import dev.racnn.model.TorchScriptBackbone;
import dev.racnn.model.TorchScriptExtractor;
import dev.racnn.model.TorchScriptSettings;
import dev.racnn.model.WeightsFile;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A phi and a phi' that stay as they are, opened for a training of what is around them. */
final class Backbone implements AutoCloseable {
    private static final String HEAD = "fc.";

    private final BackboneFiles files;
    private final TrainingSettings settings;
    private final List<String> classNames;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Map<String, Path> copied = new HashMap<>();
    private final List<String> checksums = new ArrayList<>();
    private final Frozen architecture;
    private final Networks networks;
    private final @Nullable Network head;

    private Backbone(BackboneFiles files, TrainingSettings settings, List<String> classNames) throws IOException {
        this.files = files;
        this.settings = settings;
        this.classNames = classNames;
        try {
            Opened phi = open(files.phi(), files.features(), "backbone.pt");
            Opened keys = files.areTwo()
                    ? open(
                            files.ofKeys(),
                            files.keyFeatures(),
                            files.ofKeys().equals(files.phi()) ? "backbone.pt" : "backbone-keys.pt")
                    : phi;
            architecture = new Frozen(phi.architecture, files.areTwo() ? keys.architecture : null);
            networks = new Networks().with(Part.PHI, phi.network).with(Part.PHI_PRIME, keys.network);
            head = keys.head;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens files, tries what they hold, and says what cannot be used before anything is computed.
     *
     * @param settings in the precision to compute in
     * @param classNames of the images; a linear classifier of the same classes that comes with phi' becomes g'
     * @throws IOException if a file is missing, damaged, holds another network, or cannot serve
     * @throws IllegalArgumentException if an option does not fit the file
     */
    static Backbone open(BackboneFiles files, TrainingSettings settings, List<String> classNames) throws IOException {
        return new Backbone(files, settings, classNames);
    }

    /** What a bundle states. */
    Frozen architecture() {
        return architecture;
    }

    /** phi and phi', with normalisation as it was trained. */
    Networks networks() {
        return networks;
    }

    /** g', if a linear classifier of these classes, or of as many, came with phi'. */
    @Nullable
    Network head() {
        return head;
    }

    /** Whether it is known which classes those of {@link #head} are; otherwise there are as many. */
    boolean headNamesItsClasses() {
        return Files.isDirectory(files.ofKeys());
    }

    Preprocessing preprocessing() throws IOException {
        return files.preprocessing(settings);
    }

    Provenance.Source provenance() {
        return new Provenance.Source(
                files.phi() + (files.areTwo() ? " with keys of " + files.ofKeys() : ""),
                Sha256.of(architecture + " " + checksums));
    }

    /** Puts copies of TorchScript files into a bundle. */
    void copyInto(Path bundle) throws IOException {
        for (Map.Entry<String, Path> file : copied.entrySet()) {
            AtomicFile.write(bundle.resolve(file.getKey()), out -> Files.copy(file.getValue(), out));
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("a network could not be closed", e);
            }
        }
    }

    private record Opened(
            Architecture architecture,
            Network network,
            @Nullable Network head) {}

    private Opened open(Path file, @Nullable String inner, String name) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such bundle, weights or TorchScript file");
        }
        boolean torchScript = !Files.isDirectory(file) && !BackboneFiles.isWeights(file);
        if (inner != null && !torchScript) {
            throw new IllegalArgumentException(
                    "%s is no TorchScript file, so that no module of it can be named; leave '%s' out"
                            .formatted(file, inner));
        }
        return torchScript ? torchScript(file, inner, name) : Files.isDirectory(file) ? bundle(file) : weights(file);
    }

    private Opened torchScript(Path file, @Nullable String inner, String name) throws IOException {
        TorchScriptSettings own = BackboneFiles.settings(file);
        TorchScriptExtractor extractor = keep(TorchScriptExtractor.open(file, own, inner, settings.precision()));
        TorchScriptBackbone is = new TorchScriptBackbone(name, Sha256.of(file), own, inner, extractor.dimension());
        copied.put(name, file);
        Network network = keep(Network.blank(is.phi()));
        network.give(name, extractor);
        return new Opened(is, network, null);
    }

    private Opened bundle(Path folder) throws IOException {
        BundleDescription description = BundleDescription.read(folder);
        if (description.kind() != BundleDescription.Kind.BASELINE) {
            throw new IllegalArgumentException(
                    "%s holds a RaCNN, which has two extractors; take a baseline as the backbone, or its phi' with --extractor"
                            .formatted(folder));
        }
        checksums.add(description.weightsSha256());
        Architecture is = description.architecture();
        Networks trained = keep(Bundle.trained(folder));
        boolean fits = description.classNames().equals(classNames)
                && is.g(classNames.size()).equals(new Frozen(is, null).g(classNames.size()));
        return new Opened(is, trained.get(Part.PHI), fits ? trained.get(Part.G) : null);
    }

    private Opened weights(Path file) throws IOException {
        if (!(settings.networks() instanceof ResNet is)) {
            throw new IllegalArgumentException(
                    "%s holds weights, which must be those of a ResNet; set architecture=resnet18".formatted(file));
        }
        checksums.add(Sha256.of(file));
        Network phi = keep(Network.blank(is.phi()));
        Network linear = keep(Network.blank(is.g(classNames.size())));
        try (var _ = Scope.open()) {
            WeightsFile weights = WeightsFile.read(file);
            weights.load(phi, name -> name.startsWith(HEAD));
            Tensor rows = weights.tensors().get(HEAD + "weight");
            boolean fits = rows != null && Tensors.shape(rows)[0] == classNames.size();
            if (fits) {
                linear.load(weights.tensors());
            }
            return new Opened(is, phi, fits ? linear : null);
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        owned.addFirst(resource);
        return resource;
    }
}
