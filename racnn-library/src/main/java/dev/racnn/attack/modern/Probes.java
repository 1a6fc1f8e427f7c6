package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What attacks that need decisions only ask a model. */
final class Probes {
    /** Probes that share a forward pass. */
    private static final int POINTS = 256;

    private Probes() {}

    /** Which points are adversarial, each for the example of its row. */
    static boolean[] adversarial(AttackBatch batch, ScoredModel model, float[][] points, int... rows) {
        try (var _ = Scope.open()) {
            return model.decide(batch.tensor(points), rows).adversarial();
        }
    }

    /**
     * Estimates the normals of the boundary at the points of some examples.
     *
     * @param sums one for each of the rows
     * @param probes around each point
     * @param direction draws one, of any length
     * @param signs whether the signs of the normals are wanted
     */
    static double[][] normals(
            AttackBatch batch,
            ScoredModel model,
            ProbeSum[] sums,
            int probes,
            Function<RandomGenerator, double[]> direction,
            boolean signs,
            int... rows) {
        int share = Math.max(POINTS / rows.length, 1);
        for (int done = 0; done < probes; done += share) {
            int count = Math.min(share, probes - done);
            float[][] probed = new float[rows.length * count][];
            int[] owners = new int[probed.length];
            for (int i = 0; i < probed.length; i++) {
                owners[i] = rows[i / count];
                probed[i] = sums[i / count].probe(direction.apply(batch.random(owners[i])));
            }
            boolean[] hits = adversarial(batch, model, probed, owners);
            for (int i = 0; i < probed.length; i++) {
                sums[i / count].add(probed[i], hits[i]);
            }
        }
        return Arrays.stream(sums).map(sum -> sum.direction(signs)).toArray(double[][]::new);
    }
}
