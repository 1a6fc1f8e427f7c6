package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Square (Andriushchenko et al., 2020): a random search that needs logits but no gradients. It changes one square of the
 * image at a time and keeps what brings the best wrong class nearer.
 *
 * <p>Every example draws squares of its own, from its own random numbers, and leaves when an adversarial point is found.
 *
 * @param name on the command line
 * @param budget the ball, in L1, L2 or LINF
 * @param settings the rest
 * @param start where it begins: by default at its own pattern, vertical stripes in LINF, pyramids in L1 and L2
 */
public record Square(String name, ThreatModel budget, Settings settings, Start start) implements BudgetedAttack {
    public Square {
        budget.norm().requireOneOf("square", Norm.L1, Norm.L2, Norm.LINF);
    }

    /** Begins at its own pattern. */
    public Square(String name, ThreatModel budget, Settings settings) {
        this(name, budget, settings, pattern(budget));
    }

    /** Begins at its own pattern, under its own name. */
    public Square(ThreatModel budget, Settings settings) {
        this("square", budget, settings);
    }

    private static Start pattern(ThreatModel budget) {
        return Start.of(
                "stripes or pyramids",
                (batch, _, _, rows) -> batch.tensor(IntStream.of(rows)
                        .mapToObj(row -> moves(budget, batch).start(batch.original(row), batch.random(row)))
                        .toArray(float[][]::new)));
    }

    private static SquareMoves moves(ThreatModel budget, AttackBatch batch) {
        return budget.norm() == Norm.LINF
                ? new SignSquares(batch.imageSize(), batch.bounds(), budget.epsilon())
                : new PyramidSquares(budget.norm(), batch.imageSize(), batch.bounds(), budget.epsilon());
    }

    /**
     * Settings.
     *
     * @param queries proposals for each example, at least 1
     * @param share of the pixels that the first squares cover, in (0, 1]
     * @param passes passes whose margins are averaged before a proposal is accepted, for classifiers that answer at random, at
     *     least 1
     */
    public record Settings(int queries, double share, int passes) {
        /** 5,000 queries, 80 % of the pixels, 1 pass. */
        public static final Settings STANDARD = new Settings(5000, 0.8, 1);

        /** The same averaging over passes. */
        public Settings withPasses(int count) {
            return new Settings(queries, share, count);
        }

        /** After how many of 5,000 proposals the share of pixels is halved. */
        private static final int[] HALVINGS = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

        public Settings {
            if (queries < 1 || passes < 1 || !(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "queries and passes of square must be at least 1 and share within (0, 1], but are %s, %s and %s"
                                .formatted(queries, passes, share));
            }
        }

        /**
         * The share of the pixels that a square covers in this iteration, counted from 0. The schedule of 5,000 proposals is
         * stretched to as many as there are: otherwise most of 20,000 would change single pixels.
         */
        double share(int iteration) {
            double scaled = (double) iteration * STANDARD.queries / queries;
            long halvings =
                    IntStream.of(HALVINGS).filter(limit -> scaled > limit).count();
            return share / (1L << halvings);
        }
    }

    @Override
    public boolean needsGradients() {
        return start.needsGradients();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        LogitsLoss margin = Losses.margin(batch);
        SquareMoves moves = moves(budget, batch);
        float[][] best = starts(batch, model);
        double[] bestMargins = margins(batch, model, margin, best, batch.rows());
        try (OpenRows open = new OpenRows(batch, model)) {
            for (int iteration = 0; iteration < settings.queries() && !open.isEmpty(); iteration++) {
                double share = settings.share(iteration);
                int[] rows = open.rows();
                float[][] proposals = IntStream.of(rows)
                        .mapToObj(row -> moves.propose(batch.original(row), best[row], share, batch.random(row)))
                        .toArray(float[][]::new);
                double[] margins = margins(batch, model, margin, proposals, rows);
                for (int i = 0; i < rows.length; i++) {
                    if (margins[i] > bestMargins[rows[i]]) {
                        bestMargins[rows[i]] = margins[i];
                        best[rows[i]] = proposals[i];
                    }
                }
                open.letGo();
                batch.progress(iteration + 1, settings.queries());
            }
        }
    }

    private float[][] starts(AttackBatch batch, ScoredModel model) {
        try (var _ = Scope.open()) {
            Tensor originals = batch.originals(batch.rows());
            return batch.pixels(budget.within(batch, originals, start.first(batch, model, batch.rows())));
        }
    }

    /** How far the best wrong class, or the target, is ahead; averaged over the passes. */
    private double[] margins(AttackBatch batch, ScoredModel model, LogitsLoss margin, float[][] images, int... rows) {
        try (var _ = Scope.open()) {
            Tensor points = batch.tensor(images);
            Tensor sum = margin.of(model.decide(points, rows).logits(), rows);
            for (int pass = 1; pass < settings.passes(); pass++) {
                sum.add_(margin.of(model.logits(points, rows), rows));
            }
            return Tensors.toDoubles(sum.div(new Scalar((double) settings.passes())));
        }
    }
}
