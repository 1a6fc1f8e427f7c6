package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.Pass;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.UniformSimplex;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import dev.racnn.training.TrainingSettings.LocalMixup;
import dev.racnn.training.TrainingSettings.Retrieval;
import dev.racnn.training.TrainingSettings.Update;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a RaCNN is trained for (section 2.3): the cross-entropy of g(P(x)), and that of local mixup, mixtures of the
 * neighbours' features against the same mixtures of their labels.
 */
final class RetrievalObjective implements Objective {
    private final Features features;
    private final Network g;
    private final ConvexHullProjection projection;
    private final int[] candidateLabels;
    private final NeighbourTable trainingNeighbours;
    private final NeighbourTable testNeighbours;
    private final int classes;
    private final Precision precision;
    private final Retrieval retrieval;
    private final LocalMixup mixup;
    private final Seed seed;

    /** @param candidates whose labels are mixed */
    RetrievalObjective(
            Features features,
            Network g,
            ConvexHullProjection projection,
            Dataset candidates,
            NeighbourTable trainingNeighbours,
            NeighbourTable testNeighbours,
            TrainingSettings settings) {
        this.features = features;
        this.g = g;
        this.projection = projection;
        this.trainingNeighbours = trainingNeighbours;
        this.testNeighbours = testNeighbours;
        precision = settings.precision();
        retrieval = settings.retrieval();
        mixup = settings.localMixup();
        seed = new Seed(settings.seed()).derive("steps of a RaCNN");
        classes = candidates.classNames().size();
        candidateLabels = new int[candidates.size()];
        for (int i = 0; i < candidateLabels.length; i++) {
            candidateLabels[i] = candidates.label(i);
        }
    }

    @Override
    public Networks networks() {
        return features.networks().with(Part.G, g).with(Part.U, projection.u());
    }

    @Override
    public List<Adam.Group> groups() {
        List<Adam.Group> groups = new ArrayList<>(features.groups());
        groups.add(new Adam.Group(Part.G.toString(), g.parameters(), 1));
        groups.add(new Adam.Group(Part.U.toString(), projection.u().parameters(), retrieval.attentionRate()));
        return groups;
    }

    @Override
    public boolean looksAtImages() {
        return features.looksAtImages();
    }

    @Override
    public void beginEpoch() {
        features.refresh();
    }

    @Override
    public Outcome step(Batch batch, int epoch, long step, Descent descent) {
        SplittableRandom random = seed.derive(step).random();
        int[] rows = trainingNeighbours.of(batch.indices());
        Map<String, Double> extras = new LinkedHashMap<>();
        if (mixup.steps() == 0 || mixup.update() == Update.ALTERNATE) {
            Classification last = null;
            for (int i = 0; i < retrieval.classificationSteps(); i++) {
                last = classificationStep(batch, rows, random, descent);
            }
            for (int i = 0; i < mixup.steps(); i++) {
                extras.put("mixupLoss", mixupStep(rows, batch.size(), random, descent));
            }
            return outcome(last, extras);
        }
        return outcome(jointStep(batch, rows, random, descent, extras), extras);
    }

    @Override
    public Accuracy accuracy(Dataset data) {
        features.refresh();
        return features.looksAtTests() ? Accuracy.of(this::answers, data) : Accuracy.ofNamed(this::answers, data);
    }

    /** g(P(x)) of test images. */
    private Tensor answers(Batch batch) {
        Tensor neighbours = hulls(features.stored(testNeighbours.of(batch.indices())), batch.size());
        Tensor weights = projection.weights(features.ofTest(batch), neighbours);
        return g.forward(ConvexHullProjection.convexSum(weights, neighbours), Pass.EVALUATION, precision);
    }

    @Override
    public void close() {
        features.close();
        g.close();
        projection.close();
    }

    private Classification classificationStep(Batch batch, int[] rows, SplittableRandom random, Descent descent) {
        try (var _ = Scope.open()) {
            Classification result = classify(batch, hulls(fresh(rows, batch.size(), random), batch.size()));
            descent.descend(result.loss);
            return result.detached();
        }
    }

    private double mixupStep(int[] rows, int queries, SplittableRandom random, Descent descent) {
        try (var _ = Scope.open()) {
            return descent.descend(mixupLoss(hulls(fresh(rows, queries, random), queries), rows, 1, random));
        }
    }

    private Classification jointStep(
            Batch batch, int[] rows, SplittableRandom random, Descent descent, Map<String, Double> extras) {
        try (var _ = Scope.open()) {
            Tensor neighbours = hulls(fresh(rows, batch.size(), random), batch.size());
            Classification result = classify(batch, neighbours);
            Tensor mixed = mixupLoss(neighbours, rows, mixup.steps(), random);
            descent.descend(result.loss.add(mixed.mul(new Scalar(mixup.weight()))));
            extras.put("mixupLoss", Tensors.toDoubles(mixed)[0]);
            return result.detached();
        }
    }

    private Classification classify(Batch batch, Tensor neighbours) {
        Tensor query = features.ofTraining(batch);
        Tensor weights = projection.weights(query, neighbours);
        Tensor logits = g.forward(ConvexHullProjection.convexSum(weights, neighbours), Pass.TRAINING, precision);
        Tensor loss = SoftLabels.crossEntropy(logits, SoftLabels.oneHot(batch.labels(), classes));
        return new Classification(loss, SoftLabels.correct(logits, batch.labels()), entropy(weights), 0);
    }

    /** Mean loss over {@code draws} random points of every hull. */
    private Tensor mixupLoss(Tensor neighbours, int[] rows, int draws, SplittableRandom random) {
        try (var scope = Scope.open()) {
            Tensor corners = mixup.stopGradient() ? neighbours.detach() : neighbours;
            long queries = corners.size(0);
            int k = trainingNeighbours.k();
            Tensor coefficients =
                    Tensors.of(new UniformSimplex(random).draw((int) queries * draws, k), queries, draws, k);
            int[] labels = new int[rows.length];
            for (int i = 0; i < rows.length; i++) {
                labels[i] = candidateLabels[rows[i]];
            }
            Tensor cornerLabels = SoftLabels.oneHot(Tensors.of(labels), classes).view(queries, k, classes);
            Tensor points = coefficients.matmul(corners).flatten(0, 1);
            Tensor targets = coefficients.matmul(cornerLabels).flatten(0, 1);
            // Random points of a hull are spread otherwise than P(x): they must not move g's running statistics.
            return scope.escape(SoftLabels.crossEntropy(g.forward(points, Pass.BATCH_STATISTICS, precision), targets));
        }
    }

    private Tensor fresh(int[] rows, int queries, SplittableRandom random) {
        return features.ofCandidates(
                rows, (int) Math.max(2, Math.round(retrieval.freshNeighbours() * queries)), random.nextLong());
    }

    private static Tensor hulls(Tensor neighbours, long queries) {
        return neighbours.view(queries, -1, neighbours.size(1));
    }

    /** Mean entropy of attention in nats: log K when uniform, 0 when one neighbour takes all. */
    private static double entropy(Tensor weights) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor each = weights.mul(weights.add(new Scalar(1e-12)).log());
            return -Tensors.toDoubles(each.sum())[0] / weights.size(0);
        }
    }

    private static Outcome outcome(@Nullable Classification result, Map<String, Double> extras) {
        if (result == null) {
            throw new IllegalStateException("a step needs at least one classification step");
        }
        extras.put("attentionEntropy", result.entropy);
        return new Outcome(result.value, result.correct, extras);
    }

    /** The classification loss of a batch with what is logged of it. */
    private record Classification(Tensor loss, int correct, double entropy, double value) {
        Classification detached() {
            return new Classification(loss, correct, entropy, Tensors.toDoubles(loss)[0]);
        }
    }
}
