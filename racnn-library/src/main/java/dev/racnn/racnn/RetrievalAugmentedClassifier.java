package dev.racnn.racnn;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Classifier;
import dev.racnn.model.Pass;
import dev.racnn.model.Vicinity;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The RaCNN: g(P(x)), where P projects phi(x) into the convex hull of the features of the neighbours F(x).
 *
 * <p>Neighbours are retrieved anew for every image, also, unless they are frozen, for every point that an attack tries. Gradients
 * reach the image through phi(x) in the attention; retrieval passes none (Scenario 1 of section 3.1). phi(x'_k) is read from the
 * candidate set, so that the cost of an answer hardly depends on K.
 */
public final class RetrievalAugmentedClassifier implements Classifier {
    private static final int MAX_NEIGHBOURS = 100;

    private final RacnnNetworks networks;
    private final RetrievalEngine engine;
    private final CandidateFeatures candidates;
    private final int k;
    private final HullWeights projection;
    private final boolean frozen;

    /**
     * @param engine F over the keys of the candidates
     * @param candidates phi(x') of what the engine returns
     * @param k neighbours per image, from 1 to 100 and at most the number of candidates
     */
    public RetrievalAugmentedClassifier(
            RacnnNetworks networks, RetrievalEngine engine, CandidateFeatures candidates, int k) {
        this(networks, engine, candidates, k, networks.projection()::weights, false);
    }

    private RetrievalAugmentedClassifier(
            RacnnNetworks networks,
            RetrievalEngine engine,
            CandidateFeatures candidates,
            int k,
            HullWeights projection,
            boolean frozen) {
        requireNeighbours(k, engine.size());
        this.networks = networks;
        this.engine = engine;
        this.candidates = candidates;
        this.k = k;
        this.projection = projection;
        this.frozen = frozen;
    }

    /**
     * Checks a number of neighbours.
     *
     * @param candidates how many there are to choose from
     * @throws IllegalArgumentException if it is not from 1 to 100 and at most the number of candidates
     */
    public static void requireNeighbours(int k, int candidates) {
        if (k < 1 || k > MAX_NEIGHBOURS || k > candidates) {
            throw new IllegalArgumentException(
                    "neighbours must be from 1 to %s and at most the %s candidates, but is %s; ask for another number, or add candidates with `racnn index add`"
                            .formatted(MAX_NEIGHBOURS, candidates, k));
        }
    }

    /** The same model with another number of neighbours; both share weights and engine. */
    public RetrievalAugmentedClassifier withNeighbours(int neighbours) {
        return new RetrievalAugmentedClassifier(networks, engine, candidates, neighbours, projection, frozen);
    }

    /** The same model with other weights in the place of the trained attention; both share networks and engine. */
    public RetrievalAugmentedClassifier with(HullWeights.Kind kind) {
        return new RetrievalAugmentedClassifier(
                networks, engine, candidates, k, kind.in(networks.projection()), frozen);
    }

    /**
     * The same model with neighbours that stay: {@link #around} an image, every point has those of the image, so that gradients are
     * the true ones of all that is left. An ablation, for whoever serves it would have to know the image before it was changed.
     */
    public RetrievalAugmentedClassifier withFrozenNeighbours() {
        return new RetrievalAugmentedClassifier(networks, engine, candidates, k, projection, true);
    }

    /** K. */
    public int neighbours() {
        return k;
    }

    @Override
    public boolean deterministic(ImageSize size) {
        return engine.deterministic();
    }

    @Override
    public int classes() {
        return networks.classes();
    }

    @Override
    public Tensor logits(Tensor images) {
        try (var scope = Scope.open()) {
            return scope.escape(answer(images).logits);
        }
    }

    @Override
    public Vicinity around(Tensor images) {
        if (!frozen) {
            return Classifier.super.around(images);
        }
        Neighbours kept = retrieve(images);
        return (points, rows) -> {
            try (var scope = Scope.open()) {
                return scope.escape(answer(points, kept.of(rows)).logits);
            }
        };
    }

    /**
     * The answer with its reasons.
     *
     * @param images float32 [B, 3, H, W] in [0, 1]
     * @return arrays that no scope owns
     * @throws IllegalArgumentException if the answer is not finite, as when features of candidates are damaged
     */
    public Explanation explain(Tensor images) {
        return explained(() -> answer(images));
    }

    /**
     * The answer about points around some images, with its reasons.
     *
     * @param points float32 [B, 3, H, W] in [0, 1], one around each image
     * @param images whose neighbours the points have if these are frozen
     * @return as {@link #explain(Tensor)}
     */
    public Explanation explain(Tensor points, Tensor images) {
        return explained(() -> frozen ? answer(points, retrieve(images)) : answer(points));
    }

    private Explanation explained(Supplier<Answer> asked) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Answer answer = asked.get();
            return new Explanation(
                    Tensors.toFloats(torch.softmax(answer.logits, 1)),
                    classes(),
                    answer.neighbours,
                    Tensors.toFloats(answer.weights),
                    Tensors.toFloats(distances(answer.query, answer.hull)));
        }
    }

    /** F(x) for each image, without gradient. */
    public Neighbours retrieve(Tensor images) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            return engine.search(Tensors.toFloats(networks.keys().keys(images)), k);
        }
    }

    private Answer answer(Tensor images) {
        KeyExtractor.Passed passed = networks.keys().pass(networks.phi(), images);
        return answerFrom(passed.features(), engine.search(Tensors.toFloats(passed.keys()), k));
    }

    private Answer answer(Tensor images, Neighbours neighbours) {
        return answerFrom(networks.phi().forward(images, Pass.EVALUATION, networks.precision()), neighbours);
    }

    private Answer answerFrom(Tensor query, Neighbours neighbours) {
        Tensor features = candidates.of(neighbours.ids());
        Tensor hull = features.view(neighbours.queries(), k, features.size(1));
        // In float32: the features of all neighbours are many numbers to convert for few products with each.
        Tensor weights = projection.weights(query, hull);
        Tensor logits = networks.g()
                .forward(ConvexHullProjection.convexSum(weights, hull), Pass.EVALUATION, networks.precision());
        return new Answer(neighbours, query, hull, weights, logits);
    }

    /** ||phi(x) - phi(x'_k)||, [B, K]. */
    private static Tensor distances(Tensor query, Tensor hull) {
        return hull.sub(query.unsqueeze(1)).square().sum(2).sqrt();
    }

    private record Answer(Neighbours neighbours, Tensor query, Tensor hull, Tensor weights, Tensor logits) {}
}
