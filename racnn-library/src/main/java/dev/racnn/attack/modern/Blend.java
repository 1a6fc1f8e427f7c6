package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where decision-based attacks begin (Foolbox 3.3.4, {@code LinearSearchBlendedUniformNoiseAttack}): a start that is adversarial,
 * blended with the image as far as that lasts.
 */
final class Blend {
    /** 1,000 noise images; where none is adversarial, as under most targeted criteria, as many images of the run. */
    static final Start NOISE = Starts.noise(1000, true);

    /** Points on the line from the image to the start. */
    private static final int BLENDS = 50;

    private Blend() {}

    /**
     * Looks for starting points; examples without one are left out.
     *
     * @return for each row of the batch a point that is adversarial, or null
     */
    static float[] @Nullable [] starts(Start start, AttackBatch batch, ScoredModel model) {
        float[][] outer = start.adversarial(batch, model);
        float[] @Nullable [] starts = new float[batch.size()][];
        int[] open = Arrays.stream(batch.rows()).filter(model::succeeded).toArray();
        for (int blend = 1; blend <= BLENDS && open.length > 0; blend++) {
            double share = (double) blend / BLENDS;
            int[] tried = open;
            float[][] points = IntStream.of(tried)
                    .mapToObj(row -> Segment.point(batch.original(row), outer[row], share))
                    .toArray(float[][]::new);
            boolean[] hits;
            try (var _ = Scope.open()) {
                hits = model.decide(batch.tensor(points), tried).adversarial();
            }
            for (int i = 0; i < tried.length; i++) {
                if (hits[i]) {
                    starts[tried[i]] = points[i];
                }
            }
            open = Arrays.stream(tried).filter(row -> starts[row] == null).toArray();
        }
        return starts;
    }
}
