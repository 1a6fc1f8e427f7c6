package dev.racnn.attack;

import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Measures how fast attacks on a model are, against bare passes of the same batch and against one image at a time. */
public final class AttackBenchmark {
    private static final int REPETITIONS = 9;

    private final Classifier classifier;
    private final Examples examples;
    private final double forwardSeconds;
    private final double gradientSeconds;

    /**
     * What was measured of an attack.
     *
     * @param imagesPerSecond attacked together in one batch
     * @param costOfQuery time for each gradient (decision, if the attack asks for no gradients) over that of an image's share
     *     of a bare forward and backward (forward) pass; more than 1 is the attack's own overhead, less is saved by sharing
     *     passes or by work on smaller batches
     * @param singleImagesPerSecond attacked one at a time; NaN if not measured
     */
    public record Measurement(double imagesPerSecond, double costOfQuery, double singleImagesPerSecond) {
        /** How many times faster the batch is than one image at a time. */
        public double gainOfBatching() {
            return imagesPerSecond / singleImagesPerSecond;
        }
    }

    private AttackBenchmark(Classifier classifier, Examples examples) {
        this.classifier = classifier;
        this.examples = examples;
        this.forwardSeconds = median(this::forward);
        this.gradientSeconds = classifier.differentiable() ? median(this::forwardAndBackward) : Double.NaN;
    }

    /**
     * Prepares a benchmark on those examples that the classifier gets right, since the others are no work for an attack,
     * and measures the bare passes.
     *
     * @throws IllegalArgumentException if it gets none right
     */
    public static AttackBenchmark of(Classifier classifier, Examples examples, int batch) {
        float[][] logits;
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor answers = classifier.logits(Examples.tensor(examples.size(), examples.images()));
            logits = Logits.checked(answers, classifier.classes(), i -> examples.indices()[i], examples.count());
        }
        int[] right = IntStream.range(0, examples.count())
                .filter(i -> Decisions.argmax(logits[i]) == examples.labels()[i])
                .limit(batch)
                .toArray();
        if (right.length == 0) {
            throw new IllegalArgumentException(
                    "a benchmark needs images that the model classifies correctly, but it gets none of "
                            + examples.count() + " right; does it belong to these data?");
        }
        return new AttackBenchmark(classifier, examples.at(right));
    }

    /** Number of images in the batch. */
    public int images() {
        return examples.count();
    }

    /** Seconds of a forward pass of the batch. */
    public double forwardSeconds() {
        return forwardSeconds;
    }

    /** Seconds of a forward and backward pass of the batch; NaN without gradients. */
    public double gradientSeconds() {
        return gradientSeconds;
    }

    /**
     * Measures an attack.
     *
     * @param single how many of the images to attack one at a time too, 0 for none
     */
    public Measurement measure(Attack attack, int single, Progress progress) throws IOException {
        AttackRunner runner = new AttackRunner(classifier).withProgress(progress);
        long begin = System.nanoTime();
        List<Outcome> outcomes =
                runner.withBatchSize(examples.count()).run(attack, examples).outcomes();
        double seconds = secondsSince(begin);
        ToLongFunction<Outcome> queries = attack.needsGradients() ? Outcome::gradientQueries : Outcome::forwardQueries;
        double bare = (attack.needsGradients() ? gradientSeconds : forwardSeconds) / examples.count();
        double cost = seconds / outcomes.stream().mapToLong(queries).sum() / bare;
        double singleRate = Double.NaN;
        if (single > 0) {
            int[] few = IntStream.range(0, Math.min(single, examples.count())).toArray();
            long singleBegin = System.nanoTime();
            runner.withBatchSize(1).run(attack, examples.at(few));
            singleRate = few.length / secondsSince(singleBegin);
        }
        return new Measurement(examples.count() / seconds, cost, singleRate);
    }

    private void forward() {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensors.toFloats(classifier.logits(Examples.tensor(examples.size(), examples.images())));
        }
    }

    private void forwardAndBackward() {
        try (var _ = Scope.open()) {
            GradientPath path = GradientPath.through(classifier, "autograd");
            Tensor images = Examples.tensor(examples.size(), examples.images());
            Tensors.toFloats(path.gradient(images, Tensors.of(examples.labels()), Loss.CROSS_ENTROPY)
                    .gradient());
        }
    }

    /** Seconds of the median of a few passes, after one to warm up. */
    private static double median(Runnable pass) {
        pass.run();
        double[] seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long begin = System.nanoTime();
            pass.run();
            seconds[i] = secondsSince(begin);
        }
        Arrays.sort(seconds);
        return seconds[REPETITIONS / 2];
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
