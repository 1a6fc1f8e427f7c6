package dev.racnn.training;

import dev.racnn.AtomicFile;
import dev.racnn.data.Dataset;
import dev.racnn.model.NamedNetworks;
import dev.racnn.model.Network;
import dev.racnn.model.PaperNetworks;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.DefaultEngine;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.Engines;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import dev.racnn.training.TrainingSettings.ModelKind;
import dev.racnn.training.TrainingSettings.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Makes a bundle: trains what the settings ask for and writes weights, settings, log and description. */
public final class Training {
    private static final String SETTINGS = "settings.yaml";
    private static final String EXTRACTOR = "extractor";

    private final TrainingSettings settings;
    private final Dataset data;
    private final Dataset test;
    private final Dataset candidates;
    private final Path bundle;
    private final TrainingListener listener;
    private final int threads;

    /**
     * @param data D, what is learnt from
     * @param test what accuracy is reported on after each epoch; nothing is selected by it
     * @param candidates D'; the same object as {@code data} if D' = D
     * @param bundle the folder to make
     * @param threads to search the neighbours with
     */
    public Training(
            TrainingSettings settings,
            Dataset data,
            Dataset test,
            Dataset candidates,
            Path bundle,
            TrainingListener listener,
            int threads) {
        this.settings = settings;
        this.data = data;
        this.test = test;
        this.candidates = candidates;
        this.bundle = bundle;
        this.listener = listener;
        this.threads = threads;
    }

    /**
     * Trains to the end.
     *
     * @param resume whether to continue what stands in the folder; otherwise the folder must be empty or absent
     * @param extractor a RaCNN bundle whose phi' and g' to take instead of training them
     * @throws IllegalArgumentException if the folder holds something else than what these settings would make
     */
    public void run(boolean resume, @Nullable Path extractor) throws IOException {
        prepare(resume);
        TrainingRun run = new TrainingRun(bundle, listener);
        if (Files.exists(bundle.resolve(BundleDescription.FILE))) {
            listener.phase(bundle + " is complete already");
            return;
        }
        Map<String, Network> networks =
                settings.model() == ModelKind.BASELINE ? trainBaseline(run) : trainRacnn(run, extractor);
        try {
            write(networks, run);
        } finally {
            networks.values().forEach(Network::close);
        }
        run.deleteCheckpoints(EXTRACTOR, "baseline", "racnn");
    }

    private void prepare(boolean resume) throws IOException {
        String text = SettingsFile.print(settings);
        Path file = bundle.resolve(SETTINGS);
        if (!resume && Files.isDirectory(bundle)) {
            try (var files = Files.list(bundle)) {
                if (files.findAny().isPresent()) {
                    throw new IllegalArgumentException(
                            "%s is not empty; continue it with --resume or choose another folder".formatted(bundle));
                }
            }
        }
        if (resume && Files.exists(file) && !Files.readString(file).equals(text)) {
            throw new IllegalArgumentException(
                    "%s was begun with other settings than these; resume with the same configuration or choose another folder"
                            .formatted(bundle));
        }
        AtomicFile.write(file, text);
    }

    private Map<String, Network> trainBaseline(TrainingRun run) throws IOException {
        int classes = data.classNames().size();
        Network phi = Network.random(PaperNetworks.phi(settings.finalMap()), settings.seed());
        Network g = Network.random(PaperNetworks.g(classes), settings.seed() + 1);
        Objective objective = new ClassificationObjective(
                "phi", phi, "g", g, classes, settings.precision(), settings.globalMixup(), settings.seed());
        new TrainingLoop("baseline", objective, settings.training(), settings.seed(), run).train(data, test);
        return objective.networks();
    }

    private Map<String, Network> trainRacnn(TrainingRun run, @Nullable Path from) throws IOException {
        int classes = data.classNames().size();
        Network phiPrime = Network.random(PaperNetworks.phiPrime(settings.finalMap()), settings.seed() + 2);
        Network gPrime = Network.random(PaperNetworks.gPrime(settings.finalMap(), classes), settings.seed() + 3);
        if (from == null) {
            Objective objective = new ClassificationObjective(
                    "phi_prime", phiPrime, "g_prime", gPrime, classes, settings.precision(), 0, settings.seed());
            new TrainingLoop(EXTRACTOR, objective, settings.extractor(), settings.seed(), run).train(data, test);
        } else {
            try (var _ = Scope.open()) {
                Map<String, Tensor> saved =
                        SafeTensors.read(from.resolve(Bundle.WEIGHTS)).tensors();
                phiPrime.load(NamedNetworks.part(saved, "phi_prime"));
                gPrime.load(NamedNetworks.part(saved, "g_prime"));
            }
        }
        phiPrime.parameters().trainable(false);
        gPrime.parameters().trainable(false);
        Map<String, Network> networks = new LinkedHashMap<>();
        networks.put("phi_prime", phiPrime);
        networks.put("g_prime", gPrime);
        networks.putAll(
                trainAround(run, new KeyExtractor(settings.retrieval().key(), phiPrime, gPrime, settings.precision())));
        return networks;
    }

    private Map<String, Network> trainAround(TrainingRun run, KeyExtractor extractor) throws IOException {
        int classes = data.classNames().size();
        int k = settings.retrieval().neighbours();
        boolean excludeSelf = settings.retrieval().excludeSelf() && candidates.equals(data);
        NeighbourTable trainingNeighbours;
        NeighbourTable testNeighbours;
        listener.phase("retrieving the neighbours of %,d training images".formatted(data.size()));
        EngineSpec spec = DefaultEngine.parseForOneBatch(settings.retrieval().engine());
        try (RetrievalEngine engine = Engines.build(spec, keys(extractor), threads)) {
            trainingNeighbours = NeighbourTable.of(data, extractor, engine, k, excludeSelf);
            testNeighbours = NeighbourTable.of(test, extractor, engine, k, false);
        }
        Network phi = Network.random(PaperNetworks.phi(settings.finalMap()), settings.seed());
        Network g = Network.random(PaperNetworks.g(classes), settings.seed() + 1);
        if (settings.retrieval().start() == Start.EXTRACTOR) {
            copyConvolutions(extractor.phiPrime(), phi);
        }
        ConvexHullProjection projection =
                ConvexHullProjection.untrained(settings.retrieval().attention(), PaperNetworks.FEATURES);
        Objective objective =
                new RetrievalObjective(phi, g, projection, candidates, trainingNeighbours, testNeighbours, settings);
        new TrainingLoop("racnn", objective, settings.training(), settings.seed(), run).train(data, test);
        return objective.networks();
    }

    private Keys keys(KeyExtractor extractor) {
        int dimension = KeyExtractor.dimension(settings.retrieval().key(), settings.finalMap(), candidates.imageSize());
        float[] keys = new float[Math.multiplyExact(candidates.size(), dimension)];
        long[] ids = new long[candidates.size()];
        int step = 500;
        for (int start = 0; start < candidates.size(); start += step) {
            int end = Math.min(start + step, candidates.size());
            float[] part = NeighbourTable.keys(candidates, extractor, start, end);
            System.arraycopy(part, 0, keys, start * dimension, part.length);
        }
        java.util.Arrays.setAll(ids, i -> i);
        return new ArrayKeys(ids, keys, dimension);
    }

    /** phi and phi' share the shapes of their five 3x3 convolutions and of their normalisation. */
    private static void copyConvolutions(Network from, Network to) {
        try (var _ = new NoGradGuard()) {
            Map<String, Tensor> source = from.state();
            to.state().forEach((name, target) -> {
                Tensor tensor = source.get(name);
                if (tensor != null) {
                    target.copy_(tensor);
                }
            });
        }
    }

    private void write(Map<String, Network> networks, TrainingRun run) throws IOException {
        SafeTensors.write(
                bundle.resolve(Bundle.WEIGHTS), NamedNetworks.state(networks), Map.of("format", "racnn-bundle"));
        new BundleDescription(
                        BundleDescription.FORMAT,
                        settings.model() == ModelKind.BASELINE
                                ? BundleDescription.Kind.BASELINE
                                : BundleDescription.Kind.RACNN,
                        data.classNames(),
                        data.imageSize(),
                        settings.finalMap(),
                        settings.precision(),
                        settings.retrieval().neighbours(),
                        settings.retrieval().key(),
                        settings.retrieval().engine(),
                        settings.retrieval().attention(),
                        run.log().getLast().testAccuracy(),
                        test.size(),
                        Bundle.sha256(bundle.resolve(Bundle.WEIGHTS)))
                .write(bundle);
    }
}
