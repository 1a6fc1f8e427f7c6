package dev.racnn.racnn;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.model.Network;
import dev.racnn.model.Pass;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A RaCNN from inside: its maps, with gradients, and every candidate's key, feature and label. Somebody who knows the model
 * attacks or explains it through this; nothing can be changed.
 *
 * <p>Images are float32 [n, 3, H, W] in [0, 1]; all results are float32, and the caller's {@link Scope} owns them.
 *
 */
public final class WhiteBox {
    private final RacnnNetworks networks;
    private final CandidateSnapshot candidates;
    private final RetrievalAugmentedClassifier classifier;
    private final int[] ofLabel;

    /**
     * @param networks phi, U, g, phi' and g'
     * @param candidates D'
     * @param k neighbours per image
     */
    WhiteBox(RacnnNetworks networks, CandidateSnapshot candidates, int k) {
        this.networks = networks;
        this.candidates = candidates;
        this.classifier = new RetrievalAugmentedClassifier(networks, candidates, new StoredFeatures(candidates), k);
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

    /** g'(phi'(x)), the logits of the surrogate: [n, classes]. */
    public Tensor surrogateLogits(Tensor images) {
        KeyExtractor extractor = networks.keys();
        try (var scope = Scope.open()) {
            return scope.escape(forward(extractor.gPrime(), forward(extractor.phiPrime(), images)));
        }
    }

    /** phi(x), the features: [n, d]. */
    public Tensor features(Tensor images) {
        return forward(networks.phi(), images);
    }

    /** g of points in the space of features: from [n, d] to logits [n, classes]. */
    public Tensor logits(Tensor points) {
        return forward(networks.g(), points);
    }

    /**
     * The model's own scores beta of candidates, of which attention is the softmax.
     *
     * @param features phi(x), [n, d]
     * @param hulls phi(x'_j) of candidates, [n, m, d]
     * @return [n, m]
     */
    public Tensor scores(Tensor features, Tensor hulls) {
        return networks.projection().scores(features, hulls);
    }

    /** F: the nearest candidates of some keys, without gradient. */
    public Neighbours search(Tensor keys, int count) {
        return candidates.search(Tensors.toFloats(keys), count);
    }

    /** The nearest candidates of one class. */
    public Neighbours search(Tensor keys, int count, int label) {
        return candidates.search(Tensors.toFloats(keys), count, candidates.labelled(label));
    }

    /** phi'(x') of candidates: [ids, d']. */
    public Tensor candidateKeys(long... ids) {
        int d = candidates.layout().keyDimension();
        float[] keys = new float[ids.length * d];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(candidates.candidate(ids[i]).key(), 0, keys, i * d, d);
        }
        return Tensors.of(keys, ids.length, d);
    }

    /** phi(x') of candidates: [ids, d]. */
    public Tensor candidateFeatures(long... ids) {
        return new StoredFeatures(candidates).of(ids);
    }

    /** The class of a candidate. */
    public int label(long id) {
        return candidates.label(id);
    }

    private Tensor forward(Network network, Tensor input) {
        try (var scope = Scope.open();
                var _ = networks.precision().autocast()) {
            return scope.escape(network.forward(input, Pass.EVALUATION).to(ScalarType.Float));
        }
    }
}
