package dev.racnn.racnn;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageFile;
import dev.racnn.data.ImageSize;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A saved model that answers images: a RaCNN with its candidate set, or a baseline, whose answers have no neighbours.
 *
 * <pre>{@code
 * try (var racnn = Racnn.open(bundle)) {
 *     Answer why = racnn.explain(image);
 *     ..
 * }
 * }</pre>
 */
public final class Racnn implements AutoCloseable {
    private final Bundle bundle;
    private final @Nullable CandidateSnapshot candidates;
    private final @Nullable RetrievalAugmentedClassifier classifier;

    private Racnn(Bundle bundle, @Nullable CandidateSnapshot candidates) {
        this.bundle = bundle;
        this.candidates = candidates;
        // Every answer says how many neighbours it wants.
        classifier = candidates == null ? null : bundle.classifier(candidates, 1);
    }

    /**
     * Opens a bundle with its own number of neighbours and its own retrieval engine.
     *
     * @throws IOException if it is no complete bundle, is damaged, or is a RaCNN without candidates
     */
    public static Racnn open(Path bundle) throws IOException {
        Bundle opened = Bundle.open(bundle);
        return open(opened, EngineFactory.parse(opened.description().engine()), Threads.available());
    }

    /**
     * Lets an opened bundle answer.
     *
     * @param bundle closed with the result, or if it cannot be made
     * @param engine F, over the keys of D'
     * @param threads threads that share the work of a search, at least 1
     * @throws IOException if it is a RaCNN whose candidates are missing, damaged or another model's
     */
    public static Racnn open(Bundle bundle, EngineFactory engine, int threads) throws IOException {
        try {
            boolean retrieves = bundle.description().kind() == BundleDescription.Kind.RACNN;
            return new Racnn(bundle, retrieves ? bundle.candidates(engine, threads) : null);
        } catch (IOException | RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    /** K of the training; 0 for a model without retrieval. */
    public int neighbours() {
        return classifier == null ? 0 : bundle.description().neighbours();
    }

    /**
     * Checks a number of neighbours.
     *
     * @return the number
     * @throws IllegalArgumentException if there are not so many candidates, or it is not from 1 to 100
     */
    public int requireNeighbours(int k) {
        if (candidates != null) {
            RetrievalAugmentedClassifier.requireNeighbours(k, candidates.size());
        }
        return k;
    }

    /**
     * Answers an image file, from as many neighbours as in training.
     *
     * @param image of any size; scaled to what the model takes
     * @throws IOException if it cannot be read, or no finite answer comes of it
     */
    public Answer explain(Path image) throws IOException {
        return explain(image, neighbours());
    }

    /**
     * Answers an image file.
     *
     * @param k neighbours, from 1 to 100; of no meaning to a model without retrieval
     * @throws IOException as {@link #explain(Path)}
     * @throws IllegalArgumentException as {@link #requireNeighbours}
     */
    public Answer explain(Path image, int k) throws IOException {
        requireNeighbours(k);
        ImageSize size = bundle.description().imageSize();
        byte[] pixels = ImageFile.read(image, bundle.description().preprocessing());
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            return explain(Tensors.ofPixels(pixels, 1, ImageSize.CHANNELS, size.height(), size.width()), k);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: no answer from %s: %s".formatted(image, bundle.candidatesFolder(), e.getMessage()), e);
        }
    }

    /** Answers an image of a data set, from as many neighbours as in training. */
    public Answer explain(Dataset data, int index) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            return explain(Batch.of(data, index).images(), neighbours());
        }
    }

    private Answer explain(Tensor image, int k) {
        List<String> names = bundle.description().classNames();
        return classifier == null || candidates == null
                ? Answer.of(
                        names,
                        Tensors.toFloats(torch.softmax(bundle.withoutRetrieval().logits(image), 1)),
                        List.of())
                : Answer.of(names, classifier.withNeighbours(k).explain(image), candidates::label);
    }

    @Override
    public void close() {
        if (candidates != null) {
            candidates.close();
        }
        bundle.close();
    }
}
