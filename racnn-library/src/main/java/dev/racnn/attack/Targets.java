package dev.racnn.attack;

import dev.racnn.model.Classifier;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;

/** Ways of choosing a target for each example; none chooses its own class. */
public final class Targets {
    private static final int BATCH = 250;

    private Targets() {}

    /** The class after the true one, the first after the last. */
    public static Criterion next(int classes) {
        return new Targeted("targeted-next", (label, _) -> (label + 1) % classes);
    }

    /** A wrong class at random, which depends on the seed and the example alone. */
    public static Criterion random(int classes, long seed) {
        Seed base = new Seed(seed).derive("target");
        return new Targeted(
                "targeted-random",
                (label, index) -> (label + 1 + base.derive(index).random().nextInt(classes - 1)) % classes);
    }

    /**
     * The wrong class that a classifier finds least likely in the unperturbed image.
     *
     * @throws IllegalStateException if a logit is NaN
     */
    public static Criterion leastLikely(Classifier classifier, Examples examples) {
        Map<Integer, Integer> targets = new HashMap<>();
        int step = Device.current().batch(BATCH);
        for (int from = 0; from < examples.count(); from += step) {
            Examples some = examples.at(IntStream.range(from, Math.min(from + step, examples.count()))
                    .toArray());
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                float[][] logits = Logits.checked(
                        classifier.logits(some.tensor()), classifier.classes(), i -> some.indices()[i], some.count());
                for (int i = 0; i < some.count(); i++) {
                    targets.put(some.indices()[i], least(logits[i], some.labels()[i]));
                }
            }
        }
        return new Targeted(
                "targeted-least-likely",
                (_, index) -> Objects.requireNonNull(targets.get(index), "no target for example " + index));
    }

    private static int least(float[] logits, int label) {
        int least = label == 0 ? 1 : 0;
        for (int other = least + 1; other < logits.length; other++) {
            if (other != label && logits[other] < logits[least]) {
                least = other;
            }
        }
        return least;
    }
}
