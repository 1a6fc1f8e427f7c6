package dev.racnn.server.model;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.data.ImageFile;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Classifier;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Calibration;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.racnn.StoredFeatures;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A RaCNN that answers and whose candidate set lives. Every answer comes from one state of the candidate set; changes are on
 * the disk when their method returns, and the next batch sees them.
 */
public final class ServedModel implements AutoCloseable {
    /** Neighbours that a request may ask for at most. */
    public static final int LARGEST_K = 100;

    private static final int CHANGES_TO_COMPACT = 1000;

    private final Bundle bundle;
    private final @Nullable Bundle baseline;
    private final LiveCandidateSet candidates;
    private final EngineFactory engine;
    private final LongConsumer searched;
    private volatile Calibration calibration;

    private ServedModel(
            Bundle bundle,
            @Nullable Bundle baseline,
            LiveCandidateSet candidates,
            EngineFactory engine,
            LongConsumer searched) {
        this.engine = engine;
        this.searched = searched;
        this.bundle = bundle;
        this.baseline = baseline;
        this.candidates = candidates;
        calibration = calibrate();
    }

    /**
     * Takes over opened bundles and opens the candidate set for changes.
     *
     * @param bundle of a RaCNN
     * @param baseline whose answers can be shown beside it; null if there is none
     * @param engine F
     * @param threads that share the work of one search
     * @param searched hears how many nanoseconds each search took
     * @throws IOException if the candidate set is missing, damaged, another model's, or open for changes elsewhere
     * @throws IllegalArgumentException if a bundle is of the wrong kind, or the two have different classes or image sizes
     */
    public static ServedModel open(
            Bundle bundle, @Nullable Bundle baseline, EngineFactory engine, int threads, LongConsumer searched)
            throws IOException {
        BundleDescription description = bundle.description();
        if (description.kind() != BundleDescription.Kind.RACNN) {
            throw new IllegalArgumentException(
                    "the model to serve must be a RaCNN, but it is a baseline; it can be shown beside one with"
                            + " --baseline");
        }
        if (baseline != null) {
            requireAlike(description, baseline.description());
        }
        LiveCandidateSet candidates = LiveCandidateSet.open(bundle.candidatesFolder(), engine, threads);
        try {
            bundle.requireFitting(candidates.layout());
            RetrievalAugmentedClassifier.requireNeighbours(description.neighbours(), candidates.size());
            return new ServedModel(bundle, baseline, candidates, engine, searched);
        } catch (IOException | RuntimeException e) {
            candidates.close();
            throw e;
        }
    }

    private static void requireAlike(BundleDescription racnn, BundleDescription baseline) {
        baseline.requireClasses(racnn.classNames());
        if (!baseline.imageSize().equals(racnn.imageSize())) {
            throw new IllegalArgumentException("the baseline must take images of %s like the RaCNN, but takes %s"
                    .formatted(racnn.imageSize(), baseline.imageSize()));
        }
    }

    /** What the bundle states about itself. */
    public BundleDescription description() {
        return bundle.description();
    }

    /** Format of the arithmetic that it answers in. */
    public Precision precision() {
        return bundle.precision();
    }

    /**
     * The folder of the bundle.
     *
     * @throws IOException if its candidate set was taken away
     */
    public Path folder() throws IOException {
        return bundle.candidatesFolder().resolveSibling("");
    }

    /** Whether answers of a baseline can be had. */
    public boolean hasBaseline() {
        return baseline != null;
    }

    /**
     * The baseline g(phi(x)).
     *
     * @throws IllegalArgumentException if none is served beside the RaCNN
     */
    public Classifier baseline() {
        if (baseline == null) {
            throw new IllegalArgumentException(
                    "the service has no baseline; it is given one with `racnn serve --baseline BUNDLE`");
        }
        return baseline.withoutRetrieval();
    }

    /** The surrogate g'(phi'(x)). */
    public Classifier surrogate() {
        return bundle.surrogate();
    }

    /** The RaCNN around a state of its candidate set. */
    public RetrievalAugmentedClassifier classifier(CandidateSnapshot present, int k) {
        return new RetrievalAugmentedClassifier(
                bundle.racnn(), new TimedEngine(present, searched), new StoredFeatures(present), k);
    }

    /** The present state of the candidate set, to be closed. */
    public CandidateSnapshot snapshot() {
        return candidates.snapshot();
    }

    /** The candidate set D'. */
    public ServedCandidates candidates() {
        return new ServedCandidates(bundle, candidates, engine.toString());
    }

    /**
     * Makes the changes of the candidate set part of its base, where they cost nothing any more, if there are many, and
     * calibrates anew.
     *
     * @throws IOException if it cannot be stored; the set is then as before
     */
    public void compactIfDue() throws IOException {
        boolean due;
        try (CandidateSnapshot present = candidates.snapshot()) {
            due = present.addedSinceCompaction() + present.hiddenSinceCompaction() >= CHANGES_TO_COMPACT;
        }
        if (due) {
            candidates.compact();
            calibration = calibrate();
        }
    }

    /**
     * An image file as the model takes it.
     *
     * @param file the content of a PNG or JPEG file
     * @return pixels for a {@link Question}
     * @throws IOException if it cannot be decoded; the message says why
     */
    public byte[] pixels(byte[] file) throws IOException {
        return ImageFile.decode(file, description().preprocessing());
    }

    /**
     * Checks a number of neighbours.
     *
     * @throws IllegalArgumentException if it is not from 1 to {@value #LARGEST_K}, or there are not so many candidates
     */
    public void requireNeighbours(int k) {
        RetrievalAugmentedClassifier.requireNeighbours(k, candidates.size());
    }

    /**
     * Answers a batch of questions from one state of the candidate set. Those that ask for equally many neighbours are
     * computed together; where there are no longer so many candidates, all of them are the neighbours.
     *
     * @return one answer for each question, in their order
     */
    public List<Verdict> answer(List<Question> questions) {
        Map<Integer, List<Integer>> placesOfK = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            placesOfK
                    .computeIfAbsent(questions.get(i).k(), _ -> new ArrayList<>())
                    .add(i);
        }
        Verdict[] verdicts = new Verdict[questions.size()];
        try (CandidateSnapshot present = candidates.snapshot()) {
            placesOfK.forEach((asked, places) -> {
                int k = Math.min(asked, present.size());
                List<Verdict> ofOneK =
                        answer(places.stream().map(questions::get).toList(), k, present);
                for (int i = 0; i < places.size(); i++) {
                    verdicts[places.get(i)] = ofOneK.get(i);
                }
            });
        }
        return List.of(verdicts);
    }

    private List<Verdict> answer(List<Question> questions, int k, CandidateSnapshot present) {
        try (var _ = Scope.open()) {
            return answer(images(questions), questions, k, present);
        }
    }

    /**
     * Answers one image, as pixels that need not be whole levels, with thumbnails and the baseline.
     *
     * @param pixels in [0, 1], in the order channel, row, column, of the model's size
     * @param present state of the candidate set
     */
    public Verdict answer(float[] pixels, int k, CandidateSnapshot present) {
        ImageSize size = description().imageSize();
        try (var _ = Scope.open()) {
            Tensor image = Tensors.of(pixels, 1, ImageSize.CHANNELS, size.height(), size.width());
            return answer(image, List.of(new Question(new byte[0], k, true, true)), k, present)
                    .getFirst();
        }
    }

    private List<Verdict> answer(Tensor images, List<Question> questions, int k, CandidateSnapshot present) {
        try (var _ = new NoGradGuard()) {
            Explanation why = classifier(present, k).explain(images);
            float[] plain = questions.stream().anyMatch(Question::baseline) ? baseline(images) : new float[0];
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                Question question = questions.get(i);
                int classes = why.classes();
                float[] ofBaseline = question.baseline() && plain.length > 0
                        ? Arrays.copyOfRange(plain, i * classes, (i + 1) * classes)
                        : null;
                verdicts.add(new Verdict(
                        Arrays.copyOfRange(why.probabilities(), i * classes, (i + 1) * classes),
                        Verdict.neighbours(why, i, present, question.thumbnails()),
                        calibration.evidence(why, i, present::label),
                        ofBaseline));
            }
            return verdicts;
        }
    }

    private float[] baseline(Tensor images) {
        return baseline == null
                ? new float[0]
                : Tensors.toFloats(torch.softmax(baseline().logits(images), 1));
    }

    private Tensor images(List<Question> questions) {
        ImageSize size = description().imageSize();
        byte[] pixels = new byte[questions.size() * size.bytes()];
        for (int i = 0; i < questions.size(); i++) {
            System.arraycopy(questions.get(i).pixels(), 0, pixels, i * size.bytes(), size.bytes());
        }
        return Tensors.ofPixels(pixels, questions.size(), ImageSize.CHANNELS, size.height(), size.width());
    }

    private Calibration calibrate() {
        try (CandidateSnapshot present = candidates.snapshot()) {
            return Calibration.of(present, LARGEST_K, new Seed(0));
        }
    }

    @Override
    public void close() {
        candidates.close();
        bundle.close();
        if (baseline != null) {
            baseline.close();
        }
    }
}
