package dev.racnn.training;

import dev.racnn.Version;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.files.Sha256;
import dev.racnn.model.Architecture;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.racnn.Provenance;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Auto;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.training.TrainingSettings.ModelKind;
import dev.racnn.training.TrainingSettings.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bundle: trains what the settings ask for and writes weights, settings, log and description.
 *
 * <p>A long file, because the kinds of training share their order: check, take the folder, state the origin, train, write.
 */
public final class Training {
    private TrainingSettings settings;
    private boolean candidatesAreTraining;
    private Architecture networks;
    private final TrainingData images;
    private final Dataset data;
    private final Path bundle;
    private final String commandLine;
    private final TrainingListener listener;
    private final int threads;

    /**
     * @param bundle the folder to make
     * @param commandLine noted in the bundle; empty for none
     * @param threads to search the neighbours with
     */
    public Training(
            TrainingSettings settings,
            TrainingData images,
            Path bundle,
            String commandLine,
            TrainingListener listener,
            int threads) {
        this.settings = settings;
        this.networks = settings.networks();
        this.images = images;
        this.data = images.training();
        candidatesAreTraining = images.candidatesAreTraining();
        this.bundle = bundle;
        this.commandLine = commandLine;
        this.listener = listener;
        this.threads = threads;
    }

    /** Trains to the end from random weights, or from phi'; see {@link #run(boolean, Path, Path)}. */
    public void run(boolean resume, @Nullable Path extractor) throws IOException {
        run(resume, extractor, null);
    }

    /**
     * Trains to the end. Everything that can be checked beforehand is, so that nothing is written for a training that cannot
     * run.
     *
     * @param resume whether to continue what stands in the folder; otherwise no epoch may have been finished there
     * @param extractor a RaCNN bundle whose phi' and g' to take instead of training them
     * @param baseline a baseline's bundle whose phi and g to begin with; needed by {@link Start#BASELINE}, and by it alone
     * @throws IllegalArgumentException if the folder holds something else than what these settings, images and bundles would
     *     make
     * @throws IOException if another training holds the folder, or a file cannot be read or written
     * @throws java.io.UncheckedIOException if an image cannot be read
     */
    public void run(boolean resume, @Nullable Path extractor, @Nullable Path baseline) throws IOException {
        networks.requireSize(data.imageSize());
        requireEnoughCandidates();
        requireStart(baseline);
        try (TrainingFolder folder = TrainingFolder.take(bundle);
                BorrowedNetworks fixed =
                        extractor == null ? null : BorrowedNetworks.extractor(extractor, settings, images);
                BorrowedNetworks first =
                        baseline == null ? null : BorrowedNetworks.baseline(baseline, settings, images)) {
            settings = settings.in(precision(folder, resume));
            folder.requireFits(settings, resume);
            Provenance begun = begin(
                    folder,
                    fixed == null ? null : fixed.provenance(),
                    first == null ? null : first.provenance(),
                    resume);
            if (folder.isComplete()) {
                return;
            }
            TrainingRun run = new TrainingRun(bundle, listener);
            try (Networks trained =
                    settings.model() == ModelKind.BASELINE ? trainBaseline(run) : trainRacnn(run, fixed, first)) {
                write(trained, settings.preprocessing(data.imageSize()), run, begun);
            }
            folder.finish();
        }
    }

    private void requireStart(@Nullable Path baseline) {
        boolean needed =
                settings.model() == ModelKind.RACNN && settings.retrieval().start() == Start.BASELINE;
        if (needed && baseline == null) {
            throw new IllegalArgumentException(
                    "retrieval.start is baseline, but no baseline is given; name its bundle, or set"
                            + " retrieval.start=extractor");
        }
        if (!needed && baseline != null) {
            throw new IllegalArgumentException(
                    "the baseline %s has no use in this training; leave it out, or set model=racnn and retrieval.start=baseline"
                            .formatted(baseline));
        }
    }

    /**
     * Trains U and g around a phi and a phi' that stay as they are. Leaves the candidate set as well: its features are needed
     * for that.
     *
     * @param files where phi and phi' come from
     * @throws IllegalArgumentException as {@link #run}, or if the settings do not fit
     * @throws IOException as {@link #run}, or if a file cannot serve, which is said before anything is computed
     */
    public void runFrozen(boolean resume, BackboneFiles files) throws IOException {
        FrozenTraining.check(files, settings);
        requireEnoughCandidates();
        try (TrainingFolder folder = TrainingFolder.take(bundle)) {
            settings = settings.in(precision(folder, resume));
            folder.requireFits(settings, resume);
            try (Backbone backbone = Backbone.open(files, settings, data.classNames())) {
                networks = backbone.architecture();
                networks.requireSize(data.imageSize());
                Provenance begun = begin(folder, backbone.provenance(), null, resume);
                if (folder.isComplete()) {
                    return;
                }
                TrainingRun run = new TrainingRun(bundle, listener);
                FrozenTraining training =
                        new FrozenTraining(backbone, settings, images, candidatesAreTraining, bundle, run, threads);
                try (Networks trained = training.train()) {
                    backbone.copyInto(bundle);
                    write(trained.with(backbone.networks()), backbone.preprocessing(), run, begun);
                }
                training.finish();
                folder.finish();
            }
        }
    }

    private Provenance begin(
            TrainingFolder folder,
            Provenance.@Nullable Source extractor,
            Provenance.@Nullable Source baseline,
            boolean resume)
            throws IOException {
        Provenance now = images.provenance(settings.seed(), commandLine, extractor, baseline, listener);
        // The same images may come as two objects: what they hold decides.
        candidatesAreTraining = now.training().equals(now.candidates());
        requireEnoughCandidates();
        Provenance begun = folder.begin(settings, now, resume);
        if (folder.isComplete()) {
            listener.phase(bundle + " is complete already");
        }
        return begun;
    }

    /** What was asked for; of auto, what the training was begun in, or else the faster one. */
    private Precision precision(TrainingFolder folder, boolean resume) throws IOException {
        if (settings.precision() != Precision.AUTO) {
            return settings.precision();
        }
        TrainingSettings begun = resume ? folder.settings() : null;
        Precision chosen = begun == null ? Precision.AUTO.chosen() : begun.precision();
        listener.phase("computing in %s, %s"
                .formatted(
                        chosen.toString().toLowerCase(Locale.ROOT),
                        begun == null ? "the faster precision of this device" : "as before"));
        return chosen;
    }

    /** A candidate that is the query itself says nothing about the query. */
    private boolean excludesSelf() {
        return settings.retrieval().excludeSelf() && candidatesAreTraining;
    }

    private void requireEnoughCandidates() {
        if (settings.model() == ModelKind.RACNN) {
            NeighbourTable.requireEnough(
                    images.candidates().size(), settings.retrieval().neighbours(), excludesSelf());
        }
    }

    private Networks trainBaseline(TrainingRun run) throws IOException {
        int classes = data.classNames().size();
        Network phi = Network.random(networks.phi(), settings.weights(Part.PHI));
        Network g = Network.random(networks.g(classes), settings.weights(Part.G));
        Objective objective = new ClassificationObjective(
                Part.PHI, phi, Part.G, g, classes, settings.precision(), settings.globalMixup(), settings.seed());
        new TrainingLoop(Stage.BASELINE, objective, settings, run, 0).train(data, images.test());
        return objective.networks();
    }

    private Networks trainRacnn(TrainingRun run, @Nullable BorrowedNetworks borrowed, @Nullable BorrowedNetworks first)
            throws IOException {
        int classes = data.classNames().size();
        Network phiPrime = Network.random(networks.phiPrime(), settings.weights(Part.PHI_PRIME));
        Network gPrime = Network.random(networks.gPrime(classes), settings.weights(Part.G_PRIME));
        if (borrowed == null) {
            Objective objective = new ClassificationObjective(
                    Part.PHI_PRIME, phiPrime, Part.G_PRIME, gPrime, classes, settings.precision(), 0, settings.seed());
            new TrainingLoop(Stage.EXTRACTOR, objective, settings, run, imagesOfRacnn()).train(data, images.test());
        } else {
            phiPrime.load(borrowed.networks().get(Part.PHI_PRIME).state());
            gPrime.load(borrowed.networks().get(Part.G_PRIME).state());
        }
        Networks fixed = new Networks().with(Part.PHI_PRIME, phiPrime).with(Part.G_PRIME, gPrime);
        fixed.freeze();
        return fixed.with(trainAround(
                run, new KeyExtractor(settings.retrieval().key(), phiPrime, gPrime, settings.precision()), first));
    }

    private Networks trainAround(TrainingRun run, KeyExtractor extractor, @Nullable BorrowedNetworks first)
            throws IOException {
        int classes = data.classNames().size();
        int k = settings.retrieval().neighbours();
        NeighbourTable trainingNeighbours;
        NeighbourTable testNeighbours;
        listener.phase(String.format(Locale.ROOT, "retrieving the neighbours of %,d training images", data.size()));
        EngineFactory chosen =
                Auto.forOneBatch(EngineFactory.parse(settings.retrieval().engine()));
        try (RetrievalEngine engine = chosen.build(keys(extractor), threads)) {
            trainingNeighbours = NeighbourTable.of(data, extractor, engine, k, excludesSelf());
            testNeighbours = NeighbourTable.of(images.test(), extractor, engine, k, false);
        }
        Network phi = Network.random(networks.phi(), settings.weights(Part.PHI));
        Network g = Network.random(networks.g(classes), settings.weights(Part.G));
        if (settings.retrieval().start() == Start.EXTRACTOR) {
            copyConvolutions(extractor.phiPrime(), phi);
        } else if (first != null) {
            phi.load(first.networks().get(Part.PHI).state());
            g.load(first.networks().get(Part.G).state());
        }
        ConvexHullProjection projection =
                ConvexHullProjection.untrained(settings.retrieval().attention(), networks.features());
        Features features = new LearntFeatures(phi, images.candidates(), networks.features(), settings.precision());
        Objective objective = new RetrievalObjective(
                features, g, projection, images.candidates(), trainingNeighbours, testNeighbours, settings);
        new TrainingLoop(Stage.RACNN, objective, settings, run, 0).train(data, images.test());
        return objective.networks();
    }

    /**
     * What the training of phi, g and U will cost, in images of that of phi': some neighbours pass through phi with each
     * query, and all candidates twice an epoch forwards, a third of the work of a step.
     */
    private double imagesOfRacnn() {
        double epoch = data.size() * (1 + settings.retrieval().freshNeighbours())
                + 2.0 / 3 * images.candidates().size();
        return settings.training().epochs() * epoch;
    }

    private Keys keys(KeyExtractor extractor) {
        Dataset candidates = images.candidates();
        int dimension = extractor.dimension(candidates.imageSize());
        float[] keys = new float[Math.multiplyExact(candidates.size(), dimension)];
        int step = Device.current().batch(500);
        for (int start = 0; start < candidates.size(); start += step) {
            int end = Math.min(start + step, candidates.size());
            float[] part = NeighbourTable.keys(candidates, extractor, start, end);
            System.arraycopy(part, 0, keys, start * dimension, part.length);
        }
        return ArrayKeys.numbered(keys, dimension);
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

    private void write(Networks trained, Preprocessing preprocessing, TrainingRun run, Provenance provenance)
            throws IOException {
        SafeTensors.write(bundle.resolve(Bundle.WEIGHTS), trained.state(), Map.of("format", "racnn-bundle"));
        new BundleDescription(
                        BundleDescription.FORMAT,
                        settings.model() == ModelKind.BASELINE
                                ? BundleDescription.Kind.BASELINE
                                : BundleDescription.Kind.RACNN,
                        data.classNames(),
                        preprocessing,
                        networks,
                        settings.precision(),
                        settings.retrieval().neighbours(),
                        settings.retrieval().key(),
                        settings.retrieval().engine(),
                        settings.retrieval().attention(),
                        run.log().getLast().testAccuracy(),
                        images.test().size(),
                        Sha256.of(bundle.resolve(Bundle.WEIGHTS)),
                        Version.current(),
                        provenance)
                .write(bundle);
    }
}
