package dev.racnn.attack;

import dev.racnn.Progress;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.Vicinity;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The examples that are attacked together. An example is named by its row, from 0 to {@code size() - 1}; an attack holds
 * the rows it still works on in an {@code int[]} and lets finished ones go.
 */
public final class AttackBatch {
    private final Examples examples;
    private final Examples run;
    private final Criterion criterion;
    private final Bounds bounds;
    private final int classes;
    private final RandomGenerator[] randoms;
    private final Consumer<Progress> progress;

    /** @param run all examples that are attacked in turn, of which {@code examples} are some */
    AttackBatch(
            Examples examples,
            Examples run,
            Criterion criterion,
            Bounds bounds,
            int classes,
            long seed,
            Consumer<Progress> progress) {
        this.examples = examples;
        this.run = run;
        this.criterion = criterion;
        this.bounds = bounds;
        this.classes = classes;
        this.progress = progress;
        this.randoms = IntStream.of(examples.indices())
                .mapToObj(index -> generator(seed, index))
                .toArray(RandomGenerator[]::new);
    }

    /** A stream of random numbers that depends on the seed and the example alone. */
    private static RandomGenerator generator(long seed, int index) {
        return RandomGeneratorFactory.of("L64X128MixRandom")
                .create(new Seed(seed).derive("attack").derive(index).value());
    }

    /** How many examples there are. */
    public int size() {
        return examples.count();
    }

    /** Height and width of the images. */
    public ImageSize imageSize() {
        return examples.size();
    }

    /** All rows, {@code 0 .. size() - 1}. */
    public int[] rows() {
        return IntStream.range(0, size()).toArray();
    }

    /** Pixels of the unperturbed image, channel by channel; not to be changed. */
    public float[] original(int row) {
        return examples.images()[row];
    }

    /**
     * Unperturbed images.
     *
     * @param rows may repeat
     * @return float32 [n, 3, H, W], a copy
     */
    public Tensor originals(int... rows) {
        return Examples.tensor(
                examples.size(), IntStream.of(rows).mapToObj(this::original).toArray(float[][]::new));
    }

    /**
     * Images as a tensor.
     *
     * @param images pixels of each, channel by channel
     * @return float32 [n, 3, H, W], a copy
     */
    public Tensor tensor(float[]... images) {
        return Examples.tensor(examples.size(), images);
    }

    /**
     * Points as arrays.
     *
     * @param points float32 [n, 3, H, W]
     * @return pixels of each, channel by channel
     */
    public float[][] pixels(Tensor points) {
        float[] all = Tensors.toFloats(points);
        int length = examples.size().bytes();
        return IntStream.range(0, all.length / length)
                .mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length))
                .toArray(float[][]::new);
    }

    /** Images of the run, those of other batches and those that need no attack included: pixels of each, not to be changed. */
    public List<float[]> imagesOfRun() {
        return List.of(run.images());
    }

    /** The true class. */
    public int label(int row) {
        return examples.labels()[row];
    }

    /**
     * The true classes.
     *
     * @return int64 [n]
     */
    public Tensor labels(int... rows) {
        return Tensors.of(IntStream.of(rows).map(this::label).toArray());
    }

    /** The index of the example in its data set. */
    public int index(int row) {
        return examples.indices()[row];
    }

    /** The class that the criterion wants the example taken for, if it wants one. */
    public OptionalInt target(int row) {
        return criterion.target(label(row), index(row));
    }

    /**
     * Checks that the criterion names no target, for attacks that go to the nearest class.
     *
     * @param attack its name
     * @throws IllegalArgumentException if it names one
     */
    public void requireUntargeted(String attack) {
        if (target(0).isPresent()) {
            throw new IllegalArgumentException(
                    "%s goes to the nearest class and knows no target; use another attack for a targeted criterion"
                            .formatted(attack));
        }
    }

    /** What an attack on the example is about: the target of the criterion, or else the true class. */
    public int aim(int row) {
        return target(row).orElse(label(row));
    }

    /**
     * How many other classes have to be ahead of the label, see {@link Criterion#depth}.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public int depth() {
        int depth = criterion.depth();
        if (depth >= classes) {
            throw new IllegalArgumentException(
                    "criterion '%s' needs more than %s classes, but the model has %s; lower its k"
                            .formatted(criterion.name(), depth, classes));
        }
        return depth;
    }

    /** What a classifier answers around the examples, whose rows are those of the batch. */
    Vicinity around(Classifier classifier) {
        try (var _ = Scope.open()) {
            return classifier.around(originals(rows()));
        }
    }

    /** Smallest and largest pixel value. */
    public Bounds bounds() {
        return bounds;
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** The random numbers of one example: the same for a seed whatever the batch. */
    public RandomGenerator random(int row) {
        return randoms[row];
    }

    /** The random numbers of several examples. */
    public RandomGenerator[] randoms(int... rows) {
        return IntStream.of(rows).mapToObj(this::random).toArray(RandomGenerator[]::new);
    }

    /** Points with every pixel value moved to the nearest one within the bounds. */
    public Tensor clip(Tensor points) {
        return points.clamp(new ScalarOptional(new Scalar(bounds.min())), new ScalarOptional(new Scalar(bounds.max())));
    }

    /** Tells how far the attack on this batch is. */
    public void progress(long done, long total) {
        progress.accept(new Progress("batch", done, total, "steps", ""));
    }
}
