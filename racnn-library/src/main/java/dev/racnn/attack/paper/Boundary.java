package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The Boundary attack (Brendel et al., 2018) as Foolbox 2d468cb6 runs it: from a noise image that is adversarial, a random
 * walk along the decision boundary that comes nearer and nearer to the image. It needs decisions only.
 *
 * <p>Each example walks on its own; the next candidates of all of them share one pass through the model. Foolbox draws
 * candidates in batches whose size depends on the clock; here they are always drawn one by one, so that results depend on the
 * seed alone.
 *
 * @param settings lengths and numbers
 * @param start where it begins, with whatever of it is adversarial
 */
public record Boundary(Settings settings, Start start) implements Attack {
    /** Begins at noise. */
    public Boundary(Settings settings) {
        this(settings, Starts.noise(settings.starts(), false));
    }

    /** Points on the line between the image and the noise that the walk may start from. */
    private static final int BLENDS = 1000;

    /**
     * Settings.
     *
     * @param iterations steps of the walk at most, at least 1
     * @param directions candidates for a step at most, at least 1
     * @param starts noise images to try for a start, at least 1
     * @param sphericalStep first length of the step on the sphere around the image, relative to its radius, positive
     * @param sourceStep first length of the step towards the image, relative to the distance, positive
     * @param adaptation factor by which the lengths grow and shrink, above 1
     */
    public record Settings(
            int iterations, int directions, int starts, double sphericalStep, double sourceStep, double adaptation) {
        /** 5,000 iterations of 25 candidates, 1,000 starts, steps 0.01, factor 1.5. */
        public static final Settings PAPER = new Settings(5000, 25, 1000, 1e-2, 1e-2, 1.5);

        public Settings {
            if (iterations < 1 || directions < 1 || starts < 1) {
                throw new IllegalArgumentException(
                        "iterations, directions and starts of boundary must be at least 1, but are %s, %s and %s"
                                .formatted(iterations, directions, starts));
            }
            if (!(sphericalStep > 0 && sourceStep > 0 && adaptation > 1)) {
                throw new IllegalArgumentException(
                        "steps of boundary must be positive and adaptation above 1, but they are %s, %s and %s"
                                .formatted(sphericalStep, sourceStep, adaptation));
            }
        }

        /** The same with another number of iterations. */
        public Settings withIterations(int count) {
            return new Settings(count, directions, starts, sphericalStep, sourceStep, adaptation);
        }
    }

    @Override
    public String name() {
        return "boundary";
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        start(batch, model);
        int[] started = IntStream.of(batch.rows()).filter(model::succeeded).toArray();
        List<BoundaryWalk> open = IntStream.of(started)
                .mapToObj(row -> new BoundaryWalk(
                        row, batch.original(row), startOf(model, row), batch.bounds(), batch.random(row), settings))
                .toList();
        while (!open.isEmpty()) {
            advance(batch, model, open);
            open = open.stream().filter(walk -> !walk.done()).toList();
        }
    }

    /** Looks for a start that is adversarial, then goes from the image towards it. */
    private void start(AttackBatch batch, ScoredModel model) {
        float[][] far = start.adversarial(batch, model);
        try (var _ = Scope.open()) {
            Tensor directions = batch.tensor(far)
                    .sub(batch.originals(batch.rows()))
                    .div(new Scalar(batch.bounds().range()));
            new LineScan(BLENDS).run(batch, model, directions);
        }
    }

    private static float[] startOf(ScoredModel model, int row) {
        try (var _ = Scope.open()) {
            return Tensors.toFloats(model.best(row));
        }
    }

    /** Evaluates the next candidate of every walk. */
    private void advance(AttackBatch batch, ScoredModel model, List<BoundaryWalk> open) {
        int pixels = batch.imageSize().bytes();
        float[] candidates = new float[open.size() * pixels];
        IntStream.range(0, open.size()).parallel().forEach(i -> open.get(i).writeCandidate(candidates, i * pixels));
        int[] rows = open.stream().mapToInt(BoundaryWalk::row).toArray();
        boolean[] adversarial;
        try (var _ = Scope.open()) {
            adversarial =
                    model.decide(images(batch, candidates, rows.length), rows).adversarial();
        }
        for (int i = 0; i < adversarial.length; i++) {
            open.get(i).tell(adversarial[i]);
        }
        batch.progress(open.stream().mapToInt(BoundaryWalk::iteration).min().orElseThrow(), settings.iterations());
    }

    private static Tensor images(AttackBatch batch, float[] pixels, int count) {
        return Tensors.of(
                pixels, count, 3, batch.imageSize().height(), batch.imageSize().width());
    }
}
