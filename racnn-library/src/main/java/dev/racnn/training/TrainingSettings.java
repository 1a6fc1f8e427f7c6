package dev.racnn.training;

import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import dev.racnn.model.Architecture;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.PaperNetworks;
import dev.racnn.model.PaperNetworks.FinalMap;
import dev.racnn.model.ResNet;
import dev.racnn.model.ResNet.Stem;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.racnn.KeyKind;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Seed;

/**
 * Everything that decides the outcome of a training, apart from the images. {@code defaults.yaml} beside this class
 * explains each setting.
 */
public record TrainingSettings(
        ModelKind model,
        long seed,
        Precision precision,
        NetworkKind architecture,
        FinalMap finalMap,
        Stem stem,
        int imageSize,
        int resize,
        Optimisation extractor,
        Optimisation training,
        double globalMixup,
        Retrieval retrieval,
        LocalMixup localMixup) {
    public TrainingSettings {
        check(imageSize >= 16 && imageSize <= 512, "imageSize", "from 16 to 512", imageSize);
        check(
                resize == 0 || (resize >= imageSize && resize <= Preprocessing.LARGEST),
                "resize",
                "0, or from imageSize (%s) to %s".formatted(imageSize, Preprocessing.LARGEST),
                resize);
        check(
                globalMixup >= 0 && Double.isFinite(globalMixup),
                "globalMixup",
                "at least 0 and finite (0 switches it off)",
                globalMixup);
    }

    /** The same in another precision. */
    TrainingSettings in(Precision other) {
        return new TrainingSettings(
                model,
                seed,
                other,
                architecture,
                finalMap,
                stem,
                imageSize,
                resize,
                extractor,
                training,
                globalMixup,
                retrieval,
                localMixup);
    }

    /** What images of any size are made by. */
    public Preprocessing preprocessing() {
        ImageSize size = new ImageSize(imageSize, imageSize);
        return resize == 0
                ? Preprocessing.bilinear(size)
                : new Preprocessing(size, resize, Preprocessing.Resampling.BILINEAR);
    }

    /** The same for images of one size, which other data than class folders have. */
    Preprocessing preprocessing(ImageSize size) {
        Preprocessing own = preprocessing();
        return own.imageSize().equals(size) ? own : Preprocessing.bilinear(size);
    }

    /** The networks that these settings ask for. */
    public Architecture networks() {
        return switch (architecture) {
            case PAPER -> new PaperNetworks(finalMap);
            case RESNET18 -> ResNet.imageNet(ResNet.Depth.RESNET18, stem);
        };
    }

    /** Whose networks. */
    public enum NetworkKind {
        /** Those of the paper's appendix. */
        PAPER,
        /** ResNet-18 (He et al., 2016). */
        RESNET18
    }

    /** What is trained. */
    public enum ModelKind {
        /** g(phi(x)), the vanilla network. */
        BASELINE,
        /** phi' with g', then phi, g and U around a retrieval engine over phi'. */
        RACNN
    }

    /** How one network is optimised. */
    public record Optimisation(
            int epochs, int batch, double learningRate, double warmup, double weightDecay, boolean augment) {
        public Optimisation {
            check(epochs >= 1, "epochs", "at least 1", epochs);
            check(batch >= 2, "batch", "at least 2, for batch normalisation", batch);
            check(
                    learningRate > 0 && Double.isFinite(learningRate),
                    "learningRate",
                    "positive and finite",
                    learningRate);
            check(warmup >= 0 && warmup < 1, "warmup", "in [0, 1)", warmup);
            check(
                    weightDecay >= 0 && Double.isFinite(weightDecay),
                    "weightDecay",
                    "at least 0 and finite",
                    weightDecay);
        }
    }

    /** What is retrieved and how the neighbours are combined. */
    public record Retrieval(
            int neighbours,
            KeyKind key,
            String engine,
            boolean excludeSelf,
            Attention attention,
            double attentionRate,
            Start start,
            double freshNeighbours,
            int classificationSteps) {
        public Retrieval {
            check(neighbours >= 1 && neighbours <= 100, "neighbours", "from 1 to 100", neighbours);
            requireEngine(engine);
            check(
                    attentionRate > 0 && Double.isFinite(attentionRate),
                    "attentionRate",
                    "positive and finite",
                    attentionRate);
            check(
                    freshNeighbours > 0 && Double.isFinite(freshNeighbours),
                    "freshNeighbours",
                    "positive and finite",
                    freshNeighbours);
            check(classificationSteps >= 1, "classificationSteps", "at least 1", classificationSteps);
        }
    }

    /** Where phi's weights come from. */
    public enum Start {
        /** Random numbers, as in the paper. */
        SCRATCH,
        /** The convolutions of phi'. */
        EXTRACTOR,
        /** phi and g of a trained baseline, so that phi owes nothing to phi', whose weights an attacker of Scenario 2 knows. */
        BASELINE
    }

    /** Mixtures of a query's neighbours as training examples (section 2.3). */
    public record LocalMixup(int steps, double weight, boolean stopGradient, Update update) {
        public LocalMixup {
            check(steps >= 0, "steps", "at least 0 (0 switches it off)", steps);
            check(weight > 0 && Double.isFinite(weight), "weight", "positive and finite", weight);
        }
    }

    /** How classification and local mixup share the updates. */
    public enum Update {
        /** One step on the sum of both losses; the neighbours pass through phi once. */
        JOINT,
        /** N_CE steps on the one, then N_MU steps on the other, as the paper has it. */
        ALTERNATE
    }

    /** The seed of the first weights of a network. */
    long weights(Part network) {
        return new Seed(seed).derive("weights").derive(network.toString()).value();
    }

    private static void requireEngine(String engine) {
        try {
            if (EngineFactory.parse(engine).holdsKeys()) {
                throw new IllegalArgumentException("%s does not hold the keys that training makes".formatted(engine));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("engine cannot be used: " + e.getMessage(), e);
        }
    }

    private static void check(boolean holds, String name, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("%s must be %s, but is %s".formatted(name, rule, value));
        }
    }
}
