package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where runs of Auto-PGD lead: the point with the largest loss. What they break on their way is broken.
 *
 * @param attack in L2 or LINF, of which there is one run for each class that it aims at
 */
record Reached(Apgd attack) implements Start {
    Reached {
        if (attack.budget().norm() == Norm.L1) {
            throw new IllegalArgumentException("a start must be reached in L2 or LINF, but the attack is in L1");
        }
    }

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        if (attempt.number() > 0) {
            return null;
        }
        float[][] best =
                IntStream.range(0, batch.size()).mapToObj(batch::original).toArray(float[][]::new);
        double[] losses = new double[batch.size()];
        Arrays.fill(losses, Double.NEGATIVE_INFINITY);
        List<IntUnaryOperator> aims = aims(batch, model);
        for (int run = 0; run < aims.size(); run++) {
            try (var _ = Scope.open();
                    OpenRows open = new OpenRows(batch, model)) {
                Tensor starts = open.isEmpty()
                        ? null
                        : attack.start().points(batch, model, new Attempt(0, aims.get(run)), open.rows());
                if (starts == null) {
                    break;
                }
                Climb climb = new Climb(attack.objective(), batch, model, aims.get(run));
                Tensor inside = attack.budget().within(batch, open.originals(), starts);
                Ascent ascent = new Ascent(attack, climb, batch, model, open, inside);
                ascent.run(run, aims.size());
                int[] left = open.rows();
                float[][] reached = batch.pixels(ascent.best());
                for (int i = 0; i < left.length; i++) {
                    if (ascent.bestLoss(left[i]) > losses[left[i]]) {
                        losses[left[i]] = ascent.bestLoss(left[i]);
                        best[left[i]] = reached[i];
                    }
                }
            }
        }
        return batch.tensor(IntStream.of(rows).mapToObj(row -> best[row]).toArray(float[][]::new));
    }

    private List<IntUnaryOperator> aims(AttackBatch batch, ScoredModel model) {
        if (!attack.objective().aimed()) {
            return List.of(batch::aim);
        }
        Rivals rivals = Rivals.of(batch, model, attack.settings().targets());
        return IntStream.range(0, rivals.count()).mapToObj(rivals::ofRank).toList();
    }

    @Override
    public String toString() {
        return "the best point of " + attack;
    }
}
