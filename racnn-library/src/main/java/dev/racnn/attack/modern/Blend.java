package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import java.util.Arrays;
import java.util.stream.IntStream;

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
     * Where examples begin.
     *
     * @param points one for each row of the batch, which is adversarial; empty where none was found
     * @param rows for which there is one, in the order of the batch
     */
    record Begun(float[][] points, int[] rows) {}

    /** Looks for starting points; examples without one are left out. */
    static Begun starts(Start start, AttackBatch batch, ScoredModel model) {
        float[][] outer = start.adversarial(batch, model);
        float[][] points = new float[batch.size()][0];
        int[] open = Arrays.stream(batch.rows()).filter(model::succeeded).toArray();
        for (int blend = 1; blend <= BLENDS && open.length > 0; blend++) {
            double share = (double) blend / BLENDS;
            int[] tried = open;
            float[][] blended = IntStream.of(tried)
                    .mapToObj(row -> Segment.point(batch.original(row), outer[row], share))
                    .toArray(float[][]::new);
            boolean[] hits = Probes.adversarial(batch, model, blended, tried);
            for (int i = 0; i < tried.length; i++) {
                if (hits[i]) {
                    points[tried[i]] = blended[i];
                }
            }
            open = Arrays.stream(tried).filter(row -> points[row].length == 0).toArray();
        }
        return new Begun(
                points,
                Arrays.stream(batch.rows())
                        .filter(row -> points[row].length > 0)
                        .toArray());
    }
}
