package dev.racnn.bench;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.GradientSession;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** A classifier, and the gradient path through it, that add up how long their passes take. */
final class TimedPasses implements Classifier, GradientPath {
    private final Classifier classifier;
    private final Stopwatch stopwatch;
    private double seconds;

    TimedPasses(Classifier classifier, Stopwatch stopwatch) {
        this.classifier = classifier;
        this.stopwatch = stopwatch;
    }

    /** Time within the model so far. */
    double seconds() {
        return seconds;
    }

    @Override
    public Tensor logits(Tensor images) {
        return timed(() -> classifier.logits(images));
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        GradientSession session = GradientPath.through(classifier, name()).open(batch);
        return (points, rows, losses) -> timed(() -> session.gradients(points, rows, losses));
    }

    @Override
    public String name() {
        return "autograd";
    }

    @Override
    public boolean answersFor(Classifier target) {
        return equals(target);
    }

    @Override
    public int classes() {
        return classifier.classes();
    }

    @Override
    public Bounds bounds() {
        return classifier.bounds();
    }

    @Override
    public boolean differentiable() {
        return classifier.differentiable();
    }

    private <T> T timed(Supplier<T> pass) {
        long begin = stopwatch.nanoseconds();
        T result = pass.get();
        seconds += stopwatch.secondsSince(begin);
        return result;
    }
}
