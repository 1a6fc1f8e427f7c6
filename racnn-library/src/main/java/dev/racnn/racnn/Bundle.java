package dev.racnn.racnn;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.files.Sha256;
import dev.racnn.model.Architecture;
import dev.racnn.model.Classifier;
import dev.racnn.model.Frozen;
import dev.racnn.model.Network;
import dev.racnn.model.NetworkClassifier;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.TorchScriptExtractor;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * A trained model in one folder: {@code bundle.json}, the weights, the settings and the log of its training, and, for a
 * RaCNN, the candidate set D' with keys and features, which {@link #buildIndex} makes from images.
 *
 * <p>A long file, because everything that one folder can be opened as begins here.
 */
public final class Bundle implements AutoCloseable {
    /** Name of the weights file in a bundle. */
    public static final String WEIGHTS = "weights.safetensors";

    /** Name of the folder of the candidate set in a bundle. */
    public static final String CANDIDATES = "candidates";

    private static final String IN = Indexing.IN;

    private final Path folder;
    private final BundleDescription description;
    private final Precision precision;
    private final Networks networks;
    private final List<TorchScriptExtractor> foreign;

    private Bundle(
            Path folder,
            BundleDescription description,
            Precision precision,
            Networks networks,
            List<TorchScriptExtractor> foreign) {
        this.folder = folder;
        this.description = description;
        this.precision = precision;
        this.networks = networks;
        this.foreign = foreign;
    }

    /**
     * Opens a bundle in the precision that its candidates were computed in; without candidates, in whichever is faster.
     *
     * @throws IOException if the folder is no complete bundle, of another format, or its weights do not have the checksum
     *     that the bundle states
     */
    public static Bundle open(Path folder) throws IOException {
        return open(folder, Precision.AUTO);
    }

    /** Opens a bundle that answers in the given precision; {@link Precision#AUTO} is what {@link #open(Path)} takes. */
    public static Bundle open(Path folder, Precision precision) throws IOException {
        try (Networks trained = trained(folder)) {
            Precision wanted = precision == Precision.AUTO ? precisionOfCandidates(folder) : precision;
            Precision chosen = wanted.chosen();
            BundleDescription description = BundleDescription.read(folder);
            List<TorchScriptExtractor> foreign = ForeignParts.give(trained, description.architecture(), folder, chosen);
            return new Bundle(folder, description, chosen, trained.folded(), foreign);
        }
    }

    /** That of the candidate set; auto if there is none, or none that can be read, which shows when it is. */
    private static Precision precisionOfCandidates(Path folder) {
        if (!CandidateSet.isIn(folder.resolve(CANDIDATES))) {
            return Precision.AUTO;
        }
        try (CandidateSnapshot unsearched = CandidateSnapshot.open(folder.resolve(CANDIDATES))) {
            return precisionOf(unsearched.layout());
        } catch (IOException e) {
            return Precision.AUTO;
        }
    }

    /** What candidates were computed in, as their layout states it. */
    private static Precision precisionOf(CandidateLayout layout) {
        return Stream.of(Precision.FP32, Precision.BF16)
                .filter(precision -> layout.extractorChecksum().endsWith(IN + precision))
                .findFirst()
                .orElse(Precision.AUTO);
    }

    /**
     * The networks of a bundle as they were trained, to be closed. Those that answer have their normalisation folded into
     * the other layers.
     *
     * @throws IOException as {@link #open(Path)}
     */
    public static Networks trained(Path folder) throws IOException {
        BundleDescription description = BundleDescription.read(folder);
        Path weights = folder.resolve(WEIGHTS);
        requireUnchanged(weights, description.weightsSha256());
        Networks networks = untrained(description);
        try (var _ = Scope.open()) {
            networks.load(SafeTensors.read(weights).tensors());
            return networks;
        } catch (IllegalArgumentException e) {
            networks.close();
            throw new IOException(
                    "%s does not fit %s: %s; copy both again from where the model was trained"
                            .formatted(weights, BundleDescription.FILE, e.getMessage()),
                    e);
        }
    }

    /** Checks that a file of a bundle is the one whose checksum it states. */
    static void requireUnchanged(Path file, String sha256) throws IOException {
        String actual = Sha256.of(file);
        if (!actual.equals(sha256)) {
            throw new IOException(
                    "%s should have SHA-256 %s, but has %s; copy the bundle again".formatted(file, sha256, actual));
        }
    }

    /** The networks that a bundle's weights belong to. */
    private static Networks untrained(BundleDescription description) {
        int classes = description.classNames().size();
        Architecture architecture = description.architecture();
        Network phi = Network.blank(architecture.phi());
        Networks networks = new Networks().with(Part.PHI, phi).with(Part.G, Network.blank(architecture.g(classes)));
        boolean shared = architecture instanceof Frozen frozen && frozen.sharesPhi();
        return description.kind() == BundleDescription.Kind.BASELINE
                ? networks
                : networks.with(Part.PHI_PRIME, shared ? phi : Network.blank(architecture.phiPrime()))
                        .with(Part.G_PRIME, Network.blank(architecture.gPrime(classes)))
                        .with(
                                Part.U,
                                ConvexHullProjection.untrained(description.attention(), architecture.features())
                                        .u());
    }

    /** What the bundle states about itself. */
    public BundleDescription description() {
        return description;
    }

    /** What it answers in. */
    public Precision precision() {
        return precision;
    }

    /** g(phi(x)): the baseline itself, or a RaCNN with its retrieval switched off (ablation). */
    public Classifier withoutRetrieval() {
        return new NetworkClassifier(network(Part.PHI), network(Part.G), classes(), precision);
    }

    /** g'(phi'(x)), which Scenario 2 takes its gradients from. */
    public Classifier surrogate() {
        return new NetworkClassifier(network(Part.PHI_PRIME), network(Part.G_PRIME), classes(), precision);
    }

    /** SHA-256 of the weights of phi' and g', hexadecimal: the same for all models that were trained around them. */
    public String surrogateSha256() {
        MessageDigest digest = Sha256.begin();
        if (description.architecture() instanceof Frozen) {
            // Code from elsewhere has weights of its own.
            digest.update(description.extractorSha256().getBytes(StandardCharsets.UTF_8));
        }
        for (Part part : new Part[] {Part.PHI_PRIME, Part.G_PRIME}) {
            network(part).state().forEach((name, tensor) -> {
                digest.update((part + "." + name).getBytes(StandardCharsets.UTF_8));
                for (float number : Tensors.toFloats(tensor)) {
                    int bits = Float.floatToIntBits(number);
                    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                        digest.update((byte) (bits >>> shift));
                    }
                }
            });
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether g'(phi'(x)) is the g(phi(x)) of a baseline, down to the bits: what fools the one fools the other. */
    public boolean surrogateIs(Bundle baseline) {
        return precision == baseline.precision
                && network(Part.PHI_PRIME).sameAs(baseline.network(Part.PHI))
                && network(Part.G_PRIME).sameAs(baseline.network(Part.G));
    }

    /** phi'. */
    public KeyExtractor keyExtractor() {
        return new KeyExtractor(description.key(), network(Part.PHI_PRIME), network(Part.G_PRIME), precision);
    }

    /**
     * The RaCNN around a candidate set.
     *
     * @param candidates D', whose keys are searched and whose features are projected onto
     * @param k neighbours per image, from 1 to 100 and at most the number of candidates
     */
    public RetrievalAugmentedClassifier classifier(CandidateSnapshot candidates, int k) {
        return new RetrievalAugmentedClassifier(racnn(), candidates, new StoredFeatures(candidates), k);
    }

    /**
     * The same from inside, for those who know it.
     *
     * @param candidates D'
     * @param k neighbours per image
     */
    public WhiteBox whiteBox(CandidateSnapshot candidates, int k) {
        return whiteBox(candidates, k, HullWeights.Kind.LEARNED);
    }

    /** The same with other weights in the place of the trained attention. */
    public WhiteBox whiteBox(CandidateSnapshot candidates, int k, HullWeights.Kind projection) {
        return new WhiteBox(racnn(), candidates, k, projection);
    }

    /** phi, U, g and phi'. */
    public RacnnNetworks racnn() {
        return new RacnnNetworks(
                network(Part.PHI),
                ConvexHullProjection.of(description.attention(), network(Part.U)),
                network(Part.G),
                keyExtractor(),
                classes(),
                precision);
    }

    /**
     * Opens the last state of the candidate set that {@link #buildIndex} made, for reading. Keys in another precision than
     * that of the bundle are never compared: they and the features are then computed once more, which takes as long as
     * building them did, and kept beside the others until these change.
     *
     * @param engine F, over the keys of D'
     * @param threads threads that share the work of a search, at least 1
     * @throws IOException if there is no candidate set yet, it is damaged, or it was built with other weights or keys
     */
    public CandidateSnapshot candidates(EngineFactory engine, int threads) throws IOException {
        Path set = candidatesFolder();
        try (CandidateSnapshot unsearched = CandidateSnapshot.open(set)) {
            CandidateLayout layout = unsearched.layout();
            if (precisionOf(layout) != precision) {
                String inThis = layout.extractorChecksum().replaceFirst(IN + "\\w+$", IN + precision);
                requireFitting(layout.computedBy(inThis));
                set = Rekeying.of(this, layout(), unsearched, folder);
            } else {
                requireFitting(layout);
            }
        }
        return CandidateSnapshot.open(set, engine, threads);
    }

    /** Whether the bundle has a candidate set whose building was finished. */
    public boolean hasCandidates() {
        return CandidateSet.isIn(folder.resolve(CANDIDATES));
    }

    /**
     * The folder of the candidate set.
     *
     * @throws IOException if there is none yet, or its building was not finished
     */
    public Path candidatesFolder() throws IOException {
        if (!hasCandidates()) {
            throw new IOException(
                    "%s has no finished candidate set yet; make it with `racnn index build --model %s --data DATA`"
                            .formatted(folder, folder));
        }
        return folder.resolve(CANDIDATES);
    }

    /**
     * Checks that a candidate set was made by the networks of this bundle, with the keys and classes that it states.
     *
     * @throws IOException if it was not
     */
    public void requireFitting(CandidateLayout layout) throws IOException {
        CandidateLayout own = layout();
        if (!layout.equals(own)) {
            throw new IOException(
                    "%s was built with other weights, keys or classes than those of the bundle, or in another precision: it states %s, but the bundle %s; delete it and build it again with `racnn index build`"
                            .formatted(folder.resolve(CANDIDATES), layout, own));
        }
    }

    /**
     * Computes keys and features of candidate images and stores them in the bundle. Goes on with an interrupted build of
     * the same images in the same precision.
     *
     * @param data D', un-augmented; candidate ids are indices into it
     * @param done is told how many candidates are finished
     * @throws IllegalArgumentException if the images have other classes than the model
     */
    public void buildIndex(Dataset data, IntConsumer done) throws IOException {
        buildIndex(data, _ -> {}, done);
    }

    /**
     * The same for somebody who minds what the images are.
     *
     * @param seen is told, before the candidate set is finished; throws to leave it unfinished
     */
    public void buildIndex(Dataset data, Consumer<Fingerprint> seen, IntConsumer done) throws IOException {
        buildIndex(candidatesPlace(), data, seen, done);
    }

    /**
     * The same in a folder of its own; the candidate set of the bundle stays as it is.
     *
     * @param set folder of the candidate set
     */
    public void buildIndex(Path set, Dataset data, Consumer<Fingerprint> seen, IntConsumer done) throws IOException {
        IndexPart.build(this, data, dev.racnn.Part.WHOLE, set, "", seen, done);
    }

    /**
     * Passes images through phi and phi', as for an index; through one network once if that is both.
     *
     * @param images float32 [B, 3, H, W] in [0, 1]
     */
    public KeyExtractor.Passed pass(Tensor images) {
        return keyExtractor().pass(network(Part.PHI), images);
    }

    /** Images as candidates: keys, features and thumbnails of a range of a data set. */
    public Candidate[] candidates(Dataset data, int start, int end) {
        return indexing().candidates(data, start, end);
    }

    /** Makes candidates of images. */
    Indexing indexing() {
        return new Indexing(network(Part.PHI), keyExtractor(), layout());
    }

    /** Where the candidate set is, or will be. */
    Path candidatesPlace() {
        return folder.resolve(CANDIDATES);
    }

    /** What candidates of this bundle have in common. */
    CandidateLayout layout() {
        return Indexing.layout(
                keyExtractor(),
                description.architecture(),
                description.imageSize(),
                description.classNames(),
                description.extractorSha256());
    }

    @Override
    public void close() {
        networks.close();
        foreign.forEach(TorchScriptExtractor::close);
    }

    private int classes() {
        return description.classNames().size();
    }

    private Network network(Part part) {
        try {
            return networks.get(part);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "%s holds a %s, which has no network %s".formatted(folder, description.kind(), part), e);
        }
    }
}
