package dev.racnn.racnn;

import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Pass;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A RaCNN from inside: its maps, with gradients, and every candidate's key, feature and label. Somebody who knows the model
 * attacks or explains it through this; nothing can be changed.
 *
 * <p>Images are float32 [n, 3, H, W] in [0, 1]; all results are float32, and the caller's {@link Scope} owns them.
 *
 */
public final class WhiteBox {
    /** Weights of zero have no logarithm. */
    private static final double SMALLEST_WEIGHT = 1e-6;

    private final RacnnNetworks networks;
    private final CandidateSnapshot candidates;
    private final RetrievalAugmentedClassifier classifier;
    private final HullWeights.Kind projection;
    private final int[] ofLabel;
    private @Nullable PrincipalKeys principal;

    /**
     * @param networks phi, U, g, phi' and g'
     * @param candidates D'
     * @param k neighbours per image
     * @param projection how a query becomes a point of the hull
     */
    WhiteBox(RacnnNetworks networks, CandidateSnapshot candidates, int k, HullWeights.Kind projection) {
        this.networks = networks;
        this.candidates = candidates;
        this.projection = projection;
        this.classifier = new RetrievalAugmentedClassifier(networks, candidates, new StoredFeatures(candidates), k)
                .with(projection);
        this.ofLabel = new int[networks.classes()];
        candidates.ids().forEach(id -> ofLabel[candidates.label(id)]++);
    }

    /** The model as seen from outside; always the same object. */
    public RetrievalAugmentedClassifier classifier() {
        return classifier;
    }

    /** K. */
    public int neighbours() {
        return classifier.neighbours();
    }

    /** Number of candidates. */
    public int candidates() {
        return candidates.size();
    }

    /** Number of classes. */
    public int classes() {
        return networks.classes();
    }

    /** Number of candidates of a class. */
    public int candidates(int label) {
        return ofLabel[label];
    }

    /** phi'(x), the keys: [n, d']. */
    public Tensor keys(Tensor images) {
        return networks.keys().keys(images);
    }

    /**
     * g'(phi'(x)), the logits of the surrogate.
     *
     * @param keys of the images
     * @return [n, classes]
     */
    public Tensor surrogateLogits(Tensor images, Tensor keys) {
        return networks.keys().logits(images, keys);
    }

    /** phi(x), the features: [n, d]. */
    public Tensor features(Tensor images) {
        return networks.phi().forward(images, Pass.EVALUATION, networks.precision());
    }

    /** g of points in the space of features: from [n, d] to logits [n, classes]. */
    public Tensor logits(Tensor points) {
        return networks.g().forward(points, Pass.EVALUATION, networks.precision());
    }

    /**
     * The model's own scores beta of candidates, whose softmax weights them in the hull.
     *
     * @param features phi(x), [n, d]
     * @param hulls phi(x'_j) of candidates, [n, m, d]
     * @return [n, m]
     */
    public Tensor scores(Tensor features, Tensor hulls) {
        if (projection == HullWeights.Kind.LEARNED) {
            return networks.projection().scores(features, hulls);
        }
        try (var scope = Scope.open()) {
            return scope.escape(projection
                    .in(networks.projection())
                    .weights(features, hulls)
                    .clamp_min(new Scalar(SMALLEST_WEIGHT))
                    .log());
        }
    }

    /** F: the nearest candidates of some keys, without gradient. */
    public Neighbours search(Tensor keys, int count) {
        return candidates.search(Tensors.toFloats(keys), count);
    }

    /** The nearest candidates of one class. */
    public Neighbours search(Tensor keys, int count, int label) {
        return candidates.search(Tensors.toFloats(keys), count, candidates.labelled(label));
    }

    /**
     * About the nearest candidates of each class: near by the principal components of the keys, so that a look at all classes costs
     * less than one search. The first call takes a few seconds.
     *
     * @return for each class, and then for each query its nearest, fewer than {@code count} where the class has no more
     */
    public synchronized List<long[]> nearestOfEachClass(Tensor keys, int count) {
        PrincipalKeys made = principal == null ? new PrincipalKeys(candidates, classes()) : principal;
        principal = made;
        return made.nearest(keys, count);
    }

    /** phi'(x') of candidates: [ids, d']. */
    public Tensor candidateKeys(long... ids) {
        return keys(candidates, ids);
    }

    /** Straight from the mapped file: an attack gathers hundreds of megabytes again and again. */
    static Tensor keys(CandidateSnapshot candidates, long... ids) {
        int d = candidates.layout().keyDimension();
        return Tensors.written(
                memory -> {
                    for (int i = 0; i < ids.length; i++) {
                        candidates.copyKey(ids[i], memory, (long) i * d * Float.BYTES);
                    }
                },
                ids.length,
                d);
    }

    /** phi(x') of candidates: [ids, d]. */
    public Tensor candidateFeatures(long... ids) {
        return new StoredFeatures(candidates).of(ids);
    }

    /** x' of candidates: float32 [ids, 3, H, W] in [0, 1]. */
    public Tensor candidateImages(long... ids) {
        CandidateLayout layout = candidates.layout();
        int bytes = layout.thumbnailBytes();
        byte[] pixels = new byte[ids.length * bytes];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(candidates.candidate(ids[i]).thumbnail(), 0, pixels, i * bytes, bytes);
        }
        return Tensors.ofPixels(pixels, ids.length, ImageSize.CHANNELS, layout.imageHeight(), layout.imageWidth());
    }

    /** The class of a candidate. */
    public int label(long id) {
        return candidates.label(id);
    }
}
