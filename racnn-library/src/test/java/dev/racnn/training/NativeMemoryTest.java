package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.paper.Ifgsm;
import dev.racnn.data.Batch;
import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.model.NetworkClassifier;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.PaperNetworks;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.racnn.KeyKind;
import dev.racnn.racnn.RacnnNetworks;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step's tensors go when the step is over: further thousands of steps leave the process as large as it was. */
class NativeMemoryTest {
    private static final long TOLERANCE = 40L << 20;
    private static final SyntheticImages CANDIDATES = new SyntheticImages(108, 1);
    private static final int BATCH = 36;
    private static final int K = 3;
    private static final int KEY = 8 * 3 * 3;

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void training_steps_do_not_grow_the_process(Precision precision) {
        try (ClassificationObjective objective = objective(precision);
                Adam adam = new Adam(objective.groups(), 0)) {
            train(objective, adam, 3000);
            long before = nativeBytes();
            train(objective, adam, 3000);
            // The images of 3,000 batches alone would be 1.2 GB.
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    @Test
    void attack_steps_do_not_grow_the_process() throws IOException {
        try (ClassificationObjective objective = objective(Precision.FP32)) {
            Networks networks = objective.networks();
            AttackRunner runner = new AttackRunner(
                    new NetworkClassifier(networks.get(Part.PHI), networks.get(Part.G), 3, Precision.FP32));
            SyntheticImages data = new SyntheticImages(32, 1);
            Examples examples = Examples.of(data, 0, 32, runner.target().bounds());
            runner.run(new Ifgsm(new Ifgsm.Settings(150, 20)), examples);
            long before = nativeBytes();
            runner.run(new Ifgsm(new Ifgsm.Settings(150, 20)), examples);
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    @Test
    void training_steps_of_a_racnn_do_not_grow_the_process() throws IOException {
        try (RetrievalObjective objective = racnn();
                Adam adam = new Adam(objective.groups(), 0)) {
            objective.beginEpoch();
            train(objective, adam, CANDIDATES, BATCH, 600);
            long before = nativeBytes();
            train(objective, adam, CANDIDATES, BATCH, 600);
            objective.beginEpoch();
            // The images of 600 batches alone would be 265 MB.
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    @Test
    void attack_steps_on_a_racnn_do_not_grow_the_process() throws IOException {
        float[] keys = new float[CANDIDATES.size() * KEY];
        float[] features = new float[CANDIDATES.size() * PaperNetworks.FEATURES];
        SplittableRandom random = new SplittableRandom(1);
        fill(keys, random);
        fill(features, random);
        Network phiPrime = Network.random(convolutions(), 4);
        Network gPrime = Network.random(List.of(new Layer.FullyConnected("f", KEY, 3, true)), 5);
        try (Network phi = convolutions(PaperNetworks.FEATURES, 1);
                Network g = head();
                phiPrime;
                gPrime;
                ConvexHullProjection projection =
                        ConvexHullProjection.untrained(Attention.DOT, PaperNetworks.FEATURES);
                RetrievalEngine engine = new Exact().build(ArrayKeys.numbered(keys, KEY), 1)) {
            KeyExtractor extractor = new KeyExtractor(KeyKind.CONV, phiPrime, gPrime, Precision.FP32);
            RacnnNetworks networks = new RacnnNetworks(phi, projection, g, extractor, 3, Precision.FP32);
            AttackRunner runner = new AttackRunner(
                    new RetrievalAugmentedClassifier(networks, engine, ids -> stored(features, ids), K));
            Examples examples =
                    Examples.of(CANDIDATES, 0, BATCH, runner.target().bounds());
            runner.run(new Ifgsm(new Ifgsm.Settings(30, 20)), examples);
            long before = nativeBytes();
            runner.run(new Ifgsm(new Ifgsm.Settings(30, 20)), examples);
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    private static long nativeBytes() {
        // Memory that belongs to Java objects is given back when these are collected.
        System.gc();
        return NativeHeap.bytesInUse()
                .orElseGet(() -> Pointer.physicalBytes() - Runtime.getRuntime().totalMemory());
    }

    private static ClassificationObjective objective(Precision precision) {
        Network extractor = Network.random(
                List.of(new Layer.Flatten(), new Layer.FullyConnected("f", 3072, 16, true), new Layer.Relu()), 1);
        Network head = Network.random(List.of(new Layer.FullyConnected("f", 16, 3, true)), 2);
        return new ClassificationObjective(Part.PHI, extractor, Part.G, head, 3, precision, 0, 1);
    }

    /**
     * Convolutions, batch normalisation and all of local mixup, on few numbers. In fp32: on many processors bf16 is emulated,
     * ten times slower.
     */
    private static RetrievalObjective racnn() throws IOException {
        TrainingSettings settings =
                SettingsFile.read(null, List.of("precision=fp32", "retrieval.neighbours=" + K, "localMixup.steps=2"));
        int[] neighbours = new int[CANDIDATES.size() * K];
        Arrays.setAll(neighbours, i -> (i * 7 + 1) % CANDIDATES.size());
        NeighbourTable table = new NeighbourTable(K, neighbours);
        return new RetrievalObjective(
                new LearntFeatures(
                        convolutions(PaperNetworks.FEATURES, 1), CANDIDATES, PaperNetworks.FEATURES, Precision.FP32),
                head(),
                ConvexHullProjection.untrained(Attention.DOT, PaperNetworks.FEATURES),
                CANDIDATES,
                table,
                table,
                settings);
    }

    private static Network convolutions(int out, long seed) {
        List<Layer> layers = new ArrayList<>(convolutions());
        layers.add(new Layer.FullyConnected("f", KEY, out, true));
        return Network.random(layers, seed);
    }

    /** From an image to a map of 8 channels of 3 x 3, laid out as a vector. */
    private static List<Layer> convolutions() {
        return List.of(
                new Layer.Convolution("c1", 3, 8, 5, 4, false),
                new Layer.BatchNormalisation("b1", 8),
                new Layer.Relu(),
                new Layer.Convolution("c2", 8, 8, 3, 2, true),
                new Layer.Flatten());
    }

    private static Network head() {
        return Network.random(List.of(new Layer.FullyConnected("f", PaperNetworks.FEATURES, 3, true)), 2);
    }

    private static void fill(float[] numbers, SplittableRandom random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat();
        }
    }

    private static Tensor stored(float[] features, long[] ids) {
        float[] found = new float[ids.length * PaperNetworks.FEATURES];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(
                    features,
                    (int) ids[i] * PaperNetworks.FEATURES,
                    found,
                    i * PaperNetworks.FEATURES,
                    PaperNetworks.FEATURES);
        }
        return Tensors.of(found, ids.length, PaperNetworks.FEATURES);
    }

    private static void train(Objective objective, Adam adam, int steps) {
        train(objective, adam, new SyntheticImages(32, 1), 32, steps);
    }

    private static void train(Objective objective, Adam adam, SyntheticImages data, int size, int steps) {
        for (int step = 0; step < steps; step++) {
            try (var _ = Scope.open()) {
                objective.step(Batch.range(data, 0, size), 0, step, loss -> {
                    adam.clearGradients();
                    loss.backward();
                    adam.step(1e-3);
                    return loss.item_double();
                });
            }
        }
    }
}
