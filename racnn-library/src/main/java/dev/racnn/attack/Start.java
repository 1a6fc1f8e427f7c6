package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where an attack begins: the image, noise, images of somebody's choice, or what another attack has reached. Attacks within a
 * budget bring what lies outside into their ball; decision-based attacks try one start after the other until one is adversarial.
 *
 * <p>Its {@code toString} is its name: reports state it, and journals go on only under the same one.
 */
public interface Start {
    /**
     * Points to begin at.
     *
     * @param model may be asked, as when a start is looked for
     * @param attempt which of several: restarts and further tries are to begin elsewhere
     * @param rows examples of the batch
     * @return float32 [n, 3, H, W] within the bounds; the image itself for an example that there is nothing for; null if there
     *     is nothing more for any of them
     */
    @Nullable
    Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows);

    /** Whether it asks for gradients. */
    default boolean needsGradients() {
        return false;
    }

    /** The points of the first attempt; the images themselves if there are none. */
    default Tensor first(AttackBatch batch, ScoredModel model, int... rows) {
        Tensor points = points(batch, model, new Attempt(0, batch::aim), rows);
        return points == null ? batch.originals(rows) : points;
    }

    /**
     * Tries one attempt after the other until all examples have an adversarial start, or there is nothing more to try.
     *
     * @return for each row of the batch the last point that was tried: an adversarial one if the example has {@link
     *     ScoredModel#succeeded}
     */
    default float[][] adversarial(AttackBatch batch, ScoredModel model) {
        float[][] tried = IntStream.of(batch.rows()).mapToObj(batch::original).toArray(float[][]::new);
        int[] open = batch.rows();
        for (int number = 0; open.length > 0; number++) {
            try (var _ = Scope.open()) {
                Tensor points = points(batch, model, new Attempt(number, batch::aim), open);
                if (points == null) {
                    return tried;
                }
                float[][] pixels = batch.pixels(points);
                for (int i = 0; i < open.length; i++) {
                    tried[open[i]] = pixels[i];
                }
                model.decide(points, open);
                open = IntStream.of(open).filter(row -> !model.succeeded(row)).toArray();
            }
        }
        return tried;
    }

    /**
     * One of several beginnings.
     *
     * @param number from 0
     * @param aims the class that each row is to be moved towards; its own, if there is none
     */
    record Attempt(int number, IntUnaryOperator aims) {}

    /** A start under a name. */
    static Start of(String name, Points points) {
        return new NamedStart(name, points);
    }

    /** Finds the points of a start. */
    @FunctionalInterface
    interface Points {
        /** See {@link Start#points}. */
        @Nullable
        Tensor of(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows);
    }
}
