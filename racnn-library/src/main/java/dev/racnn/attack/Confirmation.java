package dev.racnn.attack;

import dev.racnn.model.Bounds;
import dev.racnn.tensor.Scope;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The runner's own look at what an attack found: bounds, ball, and criterion on a fresh forward pass. */
final class Confirmation {
    /** Slack for pixel values, relative to the width of the bounds. */
    private static final double ROUNDING = 1e-6;

    private final Votes votes;
    private final AttackBatch batch;
    private final ScoredModel model;

    /** @param votes the attacked classifier, and how many of its answers decide */
    Confirmation(Votes votes, AttackBatch batch, ScoredModel model) {
        this.votes = votes;
        this.batch = batch;
        this.model = model;
    }

    /** Whether a point lies within the bounds and within the attack's budget. */
    static boolean isAllowed(Attack attack, Bounds bounds, float[] original, float[] point) {
        if (firstOutside(bounds, point).isPresent()) {
            return false;
        }
        return attack.threatModel().isEmpty()
                || attack.threatModel()
                        .get()
                        .allows(attack.threatModel().get().norm().distance().between(original, point, bounds));
    }

    /** A pixel that lies outside the bounds by more than rounding to float32, or is NaN. */
    static OptionalDouble firstOutside(Bounds bounds, float[] image) {
        double slack = ROUNDING * bounds.range();
        for (float pixel : image) {
            // Written so that NaN is refused.
            if (!(pixel >= bounds.min() - slack && pixel <= bounds.max() + slack)) {
                return OptionalDouble.of(pixel);
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * Leaves on each scoreboard a point that is adversarial again, or none. Where the classifier answers at random, the point that
     * comes out of this has to win once more: among several that are tried, one may win by luck.
     *
     * @return how many points of each example had to be given up
     */
    int[] run() {
        int[] dropped = new int[batch.size()];
        int[] open = IntStream.range(0, batch.size()).filter(model::succeeded).toArray();
        while (open.length > 0) {
            int[] lost = lost(open);
            for (int row : lost) {
                dropped[row]++;
                model.scoreboard(row).dropBest();
            }
            open = IntStream.of(lost).filter(model::succeeded).toArray();
        }
        if (votes.count() > 1) {
            int[] tried = IntStream.range(0, batch.size())
                    .filter(row -> dropped[row] > 0 && model.succeeded(row))
                    .toArray();
            for (int row : tried.length == 0 ? tried : lost(tried)) {
                dropped[row]++;
                model.scoreboard(row).clear();
            }
        }
        return dropped;
    }

    /** Those of the rows whose best point is not adversarial this time. */
    private int[] lost(int... rows) {
        try (var _ = Scope.open()) {
            boolean[] holds = votes.adversarial(model.best(rows), batch, rows, new int[rows.length]);
            return IntStream.range(0, rows.length)
                    .filter(i -> !holds[i])
                    .map(i -> rows[i])
                    .toArray();
        }
    }
}
