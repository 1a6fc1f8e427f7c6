package dev.racnn.training;

import dev.racnn.Progress;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.data.Dataset;
import dev.racnn.files.Folders;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.Pass;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.CandidateFeatures;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.Indexing;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.racnn.KeyKind;
import dev.racnn.retrieval.Auto;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Tensors;
import dev.racnn.training.NeighbourTable.KeyRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Trains U and g, and g' if none came along, around a phi and a phi' that stay as they are (section 5.4). Keys and features are
 * computed once and kept in files; those of the candidates are the candidate set of the bundle.
 */
final class FrozenTraining {
    /** Features of images that are no candidates lie here until the training is over. */
    private static final String KNOWN = "known-";

    /** Of the way from chance to perfection that a classifier of the right classes goes at least. */
    private static final double BETTER_THAN_CHANCE = 0.1;

    private final Backbone backbone;
    private final TrainingSettings settings;
    private final TrainingData images;
    private final boolean candidatesAreTraining;
    private final Path bundle;
    private final TrainingRun run;
    private final int threads;

    FrozenTraining(
            Backbone backbone,
            TrainingSettings settings,
            TrainingData images,
            boolean candidatesAreTraining,
            Path bundle,
            TrainingRun run,
            int threads) {
        this.backbone = backbone;
        this.settings = settings;
        this.images = images;
        this.candidatesAreTraining = candidatesAreTraining;
        this.bundle = bundle;
        this.run = run;
        this.threads = threads;
    }

    /**
     * Checks what needs no computing.
     *
     * @throws IllegalArgumentException if the settings do not fit
     */
    static void check(BackboneFiles files, TrainingSettings settings) {
        if (settings.model() == TrainingSettings.ModelKind.BASELINE) {
            throw new IllegalArgumentException(
                    "a backbone serves a RaCNN, whose surrogate is the linear classifier on it; set model=racnn");
        }
        if (files.areTwo() && settings.retrieval().key() != KeyKind.PENULTIMATE) {
            throw new IllegalArgumentException(
                    "with a phi' of its own, retrieval.key must be penultimate, but is %s; name an inner module as the features of the keys"
                            .formatted(settings.retrieval().key()));
        }
    }

    /** Trains to the end; the networks of the backbone stay its own. */
    Networks train() throws IOException {
        int classes = images.training().classNames().size();
        Network gPrime = random(Part.G_PRIME, classes);
        try (Networks folded = backbone.networks().folded()) {
            KeyExtractor extractor = new KeyExtractor(
                    settings.retrieval().key(), folded.get(Part.PHI_PRIME), gPrime, settings.precision());
            Indexing indexing = new Indexing(folded.get(Part.PHI), extractor, layout(extractor));
            Known known = new Known(indexing);
            NeighbourTable ofTraining;
            NeighbourTable ofTest;
            EngineFactory engines =
                    Auto.forOneBatch(EngineFactory.parse(settings.retrieval().engine()));
            run.listener()
                    .phase(String.format(
                            Locale.ROOT,
                            "retrieving the neighbours of %,d training images",
                            images.training().size()));
            try (RetrievalEngine engine = engines.build(known.candidates, threads)) {
                int k = settings.retrieval().neighbours();
                boolean excludeSelf = settings.retrieval().excludeSelf() && candidatesAreTraining;
                ofTraining = NeighbourTable.of(
                        images.training().size(), KeyRange.of(known.training), engine, k, excludeSelf);
                ofTest = NeighbourTable.of(images.test().size(), KeyRange.of(known.test), engine, k, false);
            }
            Features features = known.ofKeys(settings.extractor().augment());
            Network given = givenHead(features, classes);
            if (given == null) {
                loop(Stage.EXTRACTOR, new ProbeObjective(features, gPrime, classes));
            } else {
                gPrime.load(given.state());
            }
            Network g = random(Part.G, classes);
            if (backbone.architecture().sharesPhi()) {
                g.load(gPrime.state());
            }
            Objective objective = new RetrievalObjective(
                    known.features(settings.training().augment()),
                    g,
                    ConvexHullProjection.untrained(
                            settings.retrieval().attention(),
                            backbone.architecture().features()),
                    images.candidates(),
                    ofTraining,
                    ofTest,
                    settings);
            loop(Stage.RACNN, objective);
            return objective.networks().with(Part.G_PRIME, gPrime);
        }
    }

    /**
     * The linear classifier that came with phi', if it is one of these classes. Weights do not name theirs: as many others
     * show in answers that are hardly ever right.
     */
    private @Nullable Network givenHead(Features features, int classes) {
        Network head = backbone.head();
        String lacking = "no classifier of these classes came with phi'";
        if (head != null && !backbone.headNamesItsClasses()) {
            double accuracy = Accuracy.ofNamed(
                            batch -> head.forward(features.ofTest(batch), Pass.EVALUATION), images.test())
                    .top1();
            double chance = 1.0 / classes;
            String share = String.format(Locale.ROOT, "%.1f %% of the test images", 100 * accuracy);
            if (accuracy >= chance + BETTER_THAN_CHANCE * (1 - chance)) {
                run.listener().phase("the classifier that came with phi' gets %s right and is g'".formatted(share));
                return head;
            }
            lacking = "the classifier that came with phi' has as many classes, but gets %s right: not these"
                    .formatted(share);
        } else if (head != null) {
            return head;
        }
        run.listener().phase(lacking + ", so that g' is trained first");
        return null;
    }

    /** Removes what only the training needed. */
    void finish() throws IOException {
        for (String role : new String[] {"training", "test"}) {
            Path folder = bundle.resolve(KNOWN + role);
            if (Files.isDirectory(folder)) {
                Folders.delete(folder);
            }
        }
    }

    private void loop(Stage stage, Objective objective) throws IOException {
        new TrainingLoop(stage, objective, settings, run, 0).train(images.training(), images.test());
    }

    private Network random(Part part, int classes) {
        return Network.random(
                part == Part.G
                        ? backbone.architecture().g(classes)
                        : backbone.architecture().gPrime(classes),
                settings.weights(part));
    }

    private CandidateLayout layout(KeyExtractor extractor) {
        return Indexing.layout(
                extractor,
                backbone.architecture(),
                images.training().imageSize(),
                images.training().classNames(),
                backbone.provenance().weightsSha256());
    }

    /** Keys and features by set of images, on the disk. */
    private final class Known {
        private final Indexing indexing;
        private final CandidateSet candidates;
        private final CandidateSet training;
        private final CandidateSet test;

        Known(Indexing indexing) throws IOException {
            this.indexing = indexing;
            CandidateLayout layout = indexing.layout();
            // Nobody looks at the pixels of those that are no candidates.
            CandidateLayout small = new CandidateLayout(
                    layout.keyDimension(),
                    layout.featureDimension(),
                    1,
                    1,
                    layout.classNames(),
                    layout.extractorChecksum());
            candidates = computed(Bundle.CANDIDATES, layout, images.candidates(), "candidate");
            training = candidatesAreTraining
                    ? candidates
                    : computed(KNOWN + "training", small, images.training(), "training");
            test = computed(KNOWN + "test", small, images.test(), "test");
        }

        private CandidateSet computed(String name, CandidateLayout layout, Dataset data, String role)
                throws IOException {
            Path folder = bundle.resolve(name);
            if (!CandidateSet.isIn(folder)) {
                String stage = "features of the %s images".formatted(role);
                new Indexing(indexing.phi(), indexing.keys(), layout)
                        .build(
                                folder,
                                data,
                                0,
                                data.size(),
                                ", the %s images".formatted(role),
                                _ -> {},
                                done -> run.listener().progress(Progress.images(stage, done, data.size()), Double.NaN));
            }
            CandidateSet set = CandidateSet.open(folder);
            if (!set.layout().equals(layout) || set.size() != data.size()) {
                throw new IOException("%s was not made by this training; train into another folder".formatted(folder));
            }
            return set;
        }

        /** phi(x). */
        Features features(boolean augment) {
            return new KnownFeatures(
                    featuresOf(candidates),
                    augment ? null : featuresOf(training),
                    featuresOf(test),
                    indexing.phi(),
                    settings.precision());
        }

        /** phi'(x). */
        Features ofKeys(boolean augment) {
            return backbone.architecture().sharesPhi()
                    ? features(augment)
                    : new KnownFeatures(
                            keysOf(candidates),
                            augment ? null : keysOf(training),
                            keysOf(test),
                            indexing.keys().phiPrime(),
                            settings.precision());
        }
    }

    private static CandidateFeatures featuresOf(CandidateSet set) {
        return rowsOf(set.layout().featureDimension(), set::copyFeature);
    }

    private static CandidateFeatures keysOf(CandidateSet set) {
        return rowsOf(set.dimension(), set::copyKey);
    }

    /** Image i is row i. */
    private static CandidateFeatures rowsOf(int dimension, RowCopy copy) {
        return rows -> {
            float[] numbers = new float[rows.length * dimension];
            for (int i = 0; i < rows.length; i++) {
                copy.into((int) rows[i], numbers, i * dimension);
            }
            return Tensors.of(numbers, rows.length, dimension);
        };
    }

    /** Copies the numbers of a row. */
    private interface RowCopy {
        void into(int row, float[] target, int offset);
    }
}
