package dev.racnn.attack.autoattack;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Square (Andriushchenko et al., 2020): a random search that needs logits but no gradients. It changes one square of the
 * image at a time and keeps what brings the best wrong class nearer.
 *
 * <p>Every example draws squares of its own, from its own random numbers, and leaves when an adversarial point is found; with
 * several passes, when one has won two votes.
 *
 * @param budget the ball, in L2 or LINF
 * @param settings the rest
 */
public record Square(ThreatModel budget, Settings settings) implements Attack {
    public Square {
        if (budget.norm() == Norm.L1) {
            throw new IllegalArgumentException("norm of square must be L2 or LINF, but is " + budget.norm());
        }
    }

    /**
     * Settings.
     *
     * @param queries proposals for each example, at least 1
     * @param share of the pixels that the first squares cover, in (0, 1]
     * @param passes passes whose margins are averaged before a proposal is accepted, and which vote on whether it is
     *     adversarial, for classifiers that answer at random, at least 1
     */
    public record Settings(int queries, double share, int passes) {
        /** 5,000 queries, 80 % of the pixels, 1 pass. */
        public static final Settings STANDARD = new Settings(5000, 0.8, 1);

        /** The same averaging over passes. */
        public Settings withPasses(int count) {
            return new Settings(queries, share, count);
        }

        /** After how many proposals the share of pixels is halved. */
        private static final int[] HALVINGS = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

        public Settings {
            if (queries < 1 || passes < 1 || !(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "queries and passes of square must be at least 1 and share within (0, 1], but are %s, %s and %s"
                                .formatted(queries, passes, share));
            }
        }

        /** The share of the pixels that a square covers in this iteration, counted from 0. */
        double share(int iteration) {
            long halvings =
                    IntStream.of(HALVINGS).filter(limit -> iteration > limit).count();
            return share / (1L << halvings);
        }
    }

    @Override
    public String name() {
        return "square";
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public Distance objective() {
        return budget.norm().distance();
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Objective margin = Objective.margin(batch);
        SquareMoves moves = budget.norm() == Norm.LINF
                ? new SignSquares(batch.imageSize(), batch.bounds(), budget.epsilon())
                : new PyramidSquares(batch.imageSize(), batch.bounds(), budget.epsilon());
        float[][] best = IntStream.range(0, batch.size())
                .mapToObj(row -> moves.start(batch.original(row), batch.random(row)))
                .toArray(float[][]::new);
        double[] bestMargins = margins(batch, model, margin, best, batch.rows());
        vote(batch, model, margin, best, batch.rows());
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
                vote(batch, model, margin, best, rows);
                open.letGo();
                batch.progress(iteration + 1, settings.queries());
            }
        }
    }

    /**
     * How far the best wrong class, or the target, is ahead; averaged over the passes. Points that are adversarial in no more
     * than half of the passes are forgotten.
     */
    private double[] margins(AttackBatch batch, ScoredModel model, Objective margin, float[][] images, int... rows) {
        try (var _ = Scope.open()) {
            Tensor points = batch.tensor(images);
            Tensor sum = Tensors.of(new float[rows.length], rows.length);
            int[] votes = new int[rows.length];
            for (int pass = 0; pass < settings.passes(); pass++) {
                Decisions decisions = model.decide(points, rows);
                sum.add_(margin.of(decisions.logits(), rows));
                for (int i = 0; i < rows.length; i++) {
                    votes[i] += decisions.adversarial()[i] ? 1 : 0;
                }
            }
            for (int i = 0; i < rows.length; i++) {
                if (2 * votes[i] <= settings.passes()) {
                    model.forget(rows[i]);
                }
            }
            return Tensors.toDoubles(sum.div(new Scalar((double) settings.passes())));
        }
    }

    /** With several passes a point has to win a second vote, since among thousands of proposals some win the first by luck. */
    private void vote(AttackBatch batch, ScoredModel model, Objective margin, float[][] best, int... rows) {
        int[] won = IntStream.of(rows).filter(model::succeeded).toArray();
        if (settings.passes() > 1 && won.length > 0) {
            float[][] points = IntStream.of(won).mapToObj(row -> best[row]).toArray(float[][]::new);
            margins(batch, model, margin, points, won);
        }
    }
}
