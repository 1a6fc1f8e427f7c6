package dev.racnn.bench;

import dev.racnn.Progress;
import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Autograd;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Gradients;
import dev.racnn.attack.Logits;
import dev.racnn.attack.Loss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.Signals;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Measures how fast attacks on a model are, against bare passes of the same batch and against one image at a time. Bare
 * passes and attacks take turns, so that a machine whose speed drifts treats them alike.
 */
public final class AttackBenchmark {
    private static final int REPETITIONS = 5;

    private final Classifier classifier;
    private final Examples examples;
    private final Stopwatch stopwatch;

    /**
     * What was measured of an attack; medians over the rounds.
     *
     * @param seconds of the attack on the whole batch
     * @param passSeconds of a bare pass of the batch: forward and backward, or forward if the attack asks for no gradients
     * @param singlePassSeconds of a bare pass of one image alone; what batching can gain at most follows from it
     * @param costOfQuery time for each gradient (decision, if the attack asks for no gradients) over that of an image's share
     *     of a bare pass; more than 1 is overhead, less is saved by sharing passes
     * @param ownShare time that the attack spends outside of the model over the time within
     * @param images in the batch
     * @param gainOfBatching how many times faster the batch is than one image at a time, from the time for each query, so
     *     that it does not matter which images are easy; NaN if not measured
     */
    public record Measurement(
            double seconds,
            double passSeconds,
            double singlePassSeconds,
            double costOfQuery,
            double ownShare,
            int images,
            double gainOfBatching) {
        /** Attacked together in one batch. */
        public double imagesPerSecond() {
            return images / seconds;
        }

        /** How many times faster bare passes of the batch are than those of one image at a time. */
        public double gainOfPasses() {
            return images * singlePassSeconds / passSeconds;
        }

        /** Attacked one at a time; NaN if not measured. */
        public double singleImagesPerSecond() {
            return imagesPerSecond() / gainOfBatching;
        }
    }

    /** One run of an attack: how long it took, how long of that within the model, and what it found. */
    private record Run(double seconds, double modelSeconds, List<Outcome> outcomes) {
        double secondsPerQuery() {
            return seconds / sum(outcome -> outcome.forwardQueries() + outcome.gradientQueries());
        }

        double sum(ToLongFunction<Outcome> queries) {
            return outcomes.stream().mapToLong(queries).sum();
        }
    }

    private AttackBenchmark(Classifier classifier, Examples examples, Stopwatch stopwatch) {
        this.classifier = classifier;
        this.examples = examples;
        this.stopwatch = stopwatch;
    }

    /**
     * Prepares a benchmark on those examples that the classifier gets right, since the others are no work for an attack.
     *
     * @throws IllegalArgumentException if it gets none right
     */
    public static AttackBenchmark of(Classifier classifier, Examples examples, int batch, Stopwatch stopwatch) {
        float[][] logits;
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor answers = classifier.logits(examples.tensor());
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
        return new AttackBenchmark(classifier, examples.at(right), stopwatch);
    }

    /** Number of images in the batch. */
    public int images() {
        return examples.count();
    }

    /**
     * Measures an attack.
     *
     * @param rounds how often, at least 1
     * @param single how many of the images to attack one at a time too, 0 for none
     */
    public Measurement measure(Attack attack, int rounds, int single, Consumer<Progress> progress) throws IOException {
        boolean gradients = attack.needsGradients();
        ToLongFunction<Outcome> queries = gradients ? Outcome::gradientQueries : Outcome::forwardQueries;
        double[] seconds = new double[rounds];
        double[] passes = new double[rounds];
        double[] singlePasses = new double[rounds];
        double[] costs = new double[rounds];
        double[] shares = new double[rounds];
        double[] gains = new double[rounds];
        int[] few = IntStream.range(0, Math.min(single, examples.count())).toArray();
        for (int round = 0; round < rounds; round++) {
            passes[round] = passSeconds(examples, gradients);
            singlePasses[round] = passSeconds(examples.at(0), gradients);
            Run batch = run(attack, examples, examples.count(), progress);
            seconds[round] = batch.seconds();
            costs[round] = batch.seconds() / batch.sum(queries) / (passes[round] / examples.count());
            shares[round] = batch.seconds() / batch.modelSeconds() - 1;
            gains[round] = few.length == 0
                    ? Double.NaN
                    : run(attack, examples.at(few), 1, progress).secondsPerQuery() / batch.secondsPerQuery();
        }
        return new Measurement(
                median(seconds),
                median(passes),
                median(singlePasses),
                median(costs),
                median(shares),
                examples.count(),
                median(gains));
    }

    private Run run(Attack attack, Examples some, int batchSize, Consumer<Progress> progress) throws IOException {
        TimedPasses passes = new TimedPasses(classifier, stopwatch);
        AttackRunner runner = new AttackRunner(passes).withBatchSize(batchSize).withProgress(progress);
        long begin = stopwatch.nanoseconds();
        List<Outcome> outcomes = (classifier.differentiable() ? runner.withGradients(passes) : runner)
                .run(attack, some)
                .outcomes();
        return new Run(stopwatch.secondsSince(begin), passes.seconds(), outcomes);
    }

    /** Seconds of the median of a few bare passes, after one to warm up. */
    private double passSeconds(Examples some, boolean gradients) {
        pass(some, gradients);
        double[] seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long begin = stopwatch.nanoseconds();
            pass(some, gradients);
            seconds[i] = stopwatch.secondsSince(begin);
        }
        return median(seconds);
    }

    private void pass(Examples some, boolean gradients) {
        try (var _ = Scope.open()) {
            if (gradients) {
                Tensor labels = Tensors.of(some.labels());
                Loss loss = (at, _) -> Losses.crossEntropy(classifier.logits(at.points()), labels);
                Gradients answer =
                        Autograd.gradients(some.tensor(), new int[some.count()], List.of(loss), Signals::new);
                Tensors.toFloats(answer.each().getFirst().gradient());
            } else {
                try (var _ = new NoGradGuard()) {
                    Tensors.toFloats(classifier.logits(some.tensor()));
                }
            }
        }
    }

    private static double median(double... values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
