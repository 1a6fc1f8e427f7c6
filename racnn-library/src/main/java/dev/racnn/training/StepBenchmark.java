package dev.racnn.training;

import dev.racnn.data.Augmentation;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.Networks.Part;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Training steps, augmentation and optimiser included, of a baseline and of a RaCNN, to be timed. */
public final class StepBenchmark implements AutoCloseable {
    private final Dataset data;
    private final int batch;
    private final Objective objective;
    private final Adam adam;
    private final Augmentation augmentation;
    private long steps;

    private StepBenchmark(Dataset data, int batch, Objective objective) {
        this.data = data;
        this.batch = batch;
        this.objective = objective;
        augmentation = Augmentation.cropAndMirror(1, data.imageSize());
        adam = new Adam(objective.groups(), 0);
        objective.beginEpoch();
    }

    /** Steps of g(phi(x)). */
    public static StepBenchmark baseline(Dataset data, TrainingSettings settings) {
        int classes = data.classNames().size();
        return new StepBenchmark(
                data,
                settings.training().batch(),
                new ClassificationObjective(
                        Part.PHI,
                        Network.random(settings.networks().phi(), 1),
                        Part.G,
                        Network.random(settings.networks().g(classes), 2),
                        classes,
                        settings.precision(),
                        0,
                        1));
    }

    /** Steps of a RaCNN with D' = D, over the neighbours that an untrained phi' finds. */
    public static StepBenchmark racnn(Dataset data, TrainingSettings settings, int threads) throws IOException {
        int classes = data.classNames().size();
        int k = settings.retrieval().neighbours();
        NeighbourTable neighbours;
        try (Network phiPrime = Network.random(settings.networks().phiPrime(), 3);
                Network gPrime = Network.random(settings.networks().gPrime(classes), 4)) {
            KeyExtractor extractor =
                    new KeyExtractor(settings.retrieval().key(), phiPrime, gPrime, settings.precision());
            float[] keys = NeighbourTable.keys(data, extractor, 0, data.size());
            ArrayKeys candidates = ArrayKeys.numbered(keys, keys.length / data.size());
            try (RetrievalEngine engine = new Exact().build(candidates, threads)) {
                neighbours = NeighbourTable.of(data, extractor, engine, k, true);
            }
        }
        Objective objective = new RetrievalObjective(
                new LearntFeatures(
                        Network.random(settings.networks().phi(), 1),
                        data,
                        settings.networks().features(),
                        settings.precision()),
                Network.random(settings.networks().g(classes), 2),
                ConvexHullProjection.untrained(
                        settings.retrieval().attention(), settings.networks().features()),
                data,
                neighbours,
                neighbours,
                settings);
        return new StepBenchmark(data, settings.training().batch(), objective);
    }

    /** Takes some steps. */
    public void run(int count) {
        for (int i = 0; i < count; i++) {
            int[] indices = new int[batch];
            Arrays.setAll(indices, j -> (int) ((steps * batch + j) % data.size()));
            try (var _ = Scope.open()) {
                Batch images = Batch.augmented(data, indices, augmentation, steps);
                objective.step(images, 0, steps, this::descend);
            }
            steps++;
        }
    }

    /** Images of a step. */
    public int batch() {
        return batch;
    }

    @Override
    public void close() {
        adam.close();
        objective.close();
    }

    private double descend(Tensor loss) {
        adam.clearGradients();
        loss.backward();
        adam.step(1e-4);
        return Tensors.toDoubles(loss)[0];
    }

    /** The settings that the benchmark compares: defaults with the given changes. */
    public static TrainingSettings settings(String... changes) throws IOException {
        TrainingSettings settings = SettingsFile.read(null, List.of(changes));
        return settings.in(settings.precision().chosen());
    }
}
