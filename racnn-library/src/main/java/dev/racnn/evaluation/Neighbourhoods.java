package dev.racnn.evaluation;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Outcome;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.retrieval.RetrievalQuality;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Looks at what F returns for clean and for adversarial images. */
public final class Neighbourhoods {
    private static final int BATCH = 250;

    private final Retrieval retrieval;

    public Neighbourhoods(Retrieval retrieval) {
        this.retrieval = retrieval;
    }

    /**
     * Accuracy and quality of the neighbours on all images of a data set.
     *
     * @param mistake what counts as one
     */
    CleanStudy study(Dataset data, Criterion mistake) {
        int k = retrieval.classifier().neighbours();
        int correct = 0;
        int votes = 0;
        double purity = 0;
        double entropy = 0;
        double found = 0;
        RetrievalAugmentedClassifier reference = retrieval.reference();
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < data.size(); start += step) {
            int end = Math.min(start + step, data.size());
            try (var _ = Scope.open()) {
                Tensor images = Batch.range(data, start, end).images();
                Explanation answers = retrieval.classifier().explain(images);
                found += reference == null
                        ? 0
                        : (end - start)
                                * RetrievalQuality.of(answers.neighbours(), reference.retrieve(images))
                                        .recall();
                for (int i = 0; i < end - start; i++) {
                    int label = data.label(start + i);
                    correct += mistake.isAdversarial(probabilities(answers, i), label, start + i) ? 0 : 1;
                    votes += vote(answers, i) == label ? 1 : 0;
                    purity += purity(answers, i, label);
                    entropy += entropy(answers, i);
                }
            }
        }
        int n = data.size();
        return new CleanStudy(
                new Proportion(correct, n),
                new NeighbourQuality(
                        retrieval.engine(),
                        reference == null ? 1 : found / n,
                        reference == null ? 0 : n,
                        retrieval.candidates().size(),
                        k,
                        purity / n,
                        new Proportion(votes, n),
                        entropy / n));
    }

    private static float[] probabilities(Explanation answers, int image) {
        int classes = answers.classes();
        return Arrays.copyOfRange(answers.probabilities(), image * classes, (image + 1) * classes);
    }

    /** What an attack did to the neighbours of the images that it fooled; null if it fooled none. */
    public @Nullable NeighbourShift shift(AttackResult result, Examples examples) {
        double purityBefore = 0;
        double purityAfter = 0;
        double kept = 0;
        double entropyBefore = 0;
        double entropyAfter = 0;
        int k = retrieval.classifier().neighbours();
        int[] fooled = fooled(result);
        int step = Device.current().batch(BATCH);
        for (int from = 0; from < fooled.length; from += step) {
            int to = Math.min(from + step, fooled.length);
            float[][] clean = new float[to - from][];
            float[][] adversarial = new float[to - from][];
            for (int i = 0; i < to - from; i++) {
                clean[i] = examples.images()[fooled[from + i]];
                adversarial[i] = adversarial(result, fooled[from + i]);
            }
            Explanation before = explain(examples.size(), clean, clean);
            Explanation after = explain(examples.size(), adversarial, clean);
            for (int i = 0; i < to - from; i++) {
                int label = examples.labels()[fooled[from + i]];
                purityBefore += purity(before, i, label);
                purityAfter += purity(after, i, label);
                kept += kept(before, after, i) / (double) k;
                entropyBefore += entropy(before, i);
                entropyAfter += entropy(after, i);
            }
        }
        int n = fooled.length;
        return n == 0
                ? null
                : new NeighbourShift(
                        n, purityBefore / n, purityAfter / n, 1 - kept / n, entropyBefore / n, entropyAfter / n);
    }

    /**
     * Images for the gallery: in the order of the test set, the first image of each class that the model gets right and the
     * attack fooled, so that nothing is picked by how it looks.
     */
    public List<GalleryExample> gallery(AttackResult result, Scenario scenario, Examples examples, int count) {
        List<GalleryExample> gallery = new ArrayList<>();
        Set<Integer> classes = new HashSet<>();
        for (int row : fooled(result)) {
            if (gallery.size() < count && classes.add(examples.labels()[row])) {
                Outcome outcome = result.outcomes().get(row);
                float[] adversarial = adversarial(result, row);
                gallery.add(new GalleryExample(
                        outcome.index(),
                        outcome.label(),
                        result.attack(),
                        scenario,
                        outcome.msd(),
                        outcome.l2(),
                        row(examples.size(), examples.images()[row], examples.images()[row]),
                        row(examples.size(), adversarial, examples.images()[row])));
            }
        }
        return gallery;
    }

    private GalleryRow row(ImageSize size, float[] image, float[] around) {
        Explanation answer = explain(size, new float[][] {image}, new float[][] {around});
        int prediction = answer.label(0);
        List<GalleryNeighbour> neighbours = new ArrayList<>();
        for (int rank = 0; rank < answer.neighbours().k(); rank++) {
            long id = answer.neighbours().id(0, rank);
            neighbours.add(new GalleryNeighbour(
                    id,
                    retrieval.candidates().label(id),
                    answer.neighbours().squaredDistance(0, rank),
                    answer.weight(0, rank),
                    new Thumbnail(
                            size.height(),
                            size.width(),
                            retrieval.candidates().candidate(id).thumbnail())));
        }
        return new GalleryRow(thumbnail(size, image), prediction, answer.probability(0, prediction), neighbours);
    }

    private Thumbnail thumbnail(ImageSize size, float[] image) {
        Bounds bounds = retrieval.classifier().bounds();
        byte[] pixels = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            pixels[i] = (byte) Math.clamp(Math.round((image[i] - bounds.min()) / bounds.range() * 255), 0, 255);
        }
        return new Thumbnail(size.height(), size.width(), pixels);
    }

    /** Why images, one around each of some others, get their labels. */
    private Explanation explain(ImageSize size, float[][] images, float[][] around) {
        try (var _ = Scope.open()) {
            return retrieval.classifier().explain(Examples.tensor(size, images), Examples.tensor(size, around));
        }
    }

    /** Rows of the images that were right unperturbed and then fooled. */
    private static int[] fooled(AttackResult result) {
        return IntStream.range(0, result.outcomes().size())
                .filter(row -> {
                    Outcome outcome = result.outcomes().get(row);
                    return outcome.success() && outcome.msd() > 0;
                })
                .toArray();
    }

    private static float[] adversarial(AttackResult result, int row) {
        float @Nullable [] point = result.outcomes().get(row).adversarial();
        if (point == null) {
            throw new IllegalStateException("outcome %s is a success without an adversarial image"
                    .formatted(result.outcomes().get(row).index()));
        }
        return point;
    }

    private double purity(Explanation answer, int image, int label) {
        int k = answer.neighbours().k();
        return IntStream.range(0, k)
                        .filter(rank ->
                                retrieval.candidates().label(answer.neighbours().id(image, rank)) == label)
                        .count()
                / (double) k;
    }

    private int vote(Explanation answer, int image) {
        int[] votes = new int[answer.classes()];
        int best = 0;
        for (int rank = 0; rank < answer.neighbours().k(); rank++) {
            votes[retrieval.candidates().label(answer.neighbours().id(image, rank))]++;
        }
        for (int label = 1; label < votes.length; label++) {
            best = votes[label] > votes[best] ? label : best;
        }
        return best;
    }

    private static long kept(Explanation before, Explanation after, int image) {
        int k = before.neighbours().k();
        Set<Long> ids = new HashSet<>();
        for (int rank = 0; rank < k; rank++) {
            ids.add(before.neighbours().id(image, rank));
        }
        return IntStream.range(0, k)
                .filter(rank -> ids.contains(after.neighbours().id(image, rank)))
                .count();
    }

    private static double entropy(Explanation answer, int image) {
        double entropy = 0;
        for (int rank = 0; rank < answer.neighbours().k(); rank++) {
            double weight = answer.weight(image, rank);
            entropy -= weight > 0 ? weight * Math.log(weight) : 0;
        }
        return entropy;
    }
}
