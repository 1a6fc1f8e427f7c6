package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Sparse-RS (Croce et al., 2022), a random search for few values that differ: so many values are set to a bound; each proposal gives some of them back and
 * takes others instead, and stays if the best wrong class comes nearer. Needs logits alone.
 *
 * @param budget how many values may differ, in L0
 * @param settings the rest
 */
public record SparseSearch(ThreatModel budget, Settings settings) implements BudgetedAttack {
    /** After how many of 10,000 proposals the share of values that are exchanged is halved, as in Square. */
    private static final int[] HALVINGS = {50, 200, 500, 1000, 2000, 4000, 6000, 8000};

    private static final double SCHEDULE = 10_000;

    public SparseSearch {
        budget.norm().requireOneOf("sparse-rs", Norm.L0);
    }

    /**
     * Settings.
     *
     * @param queries proposals for each example, at least 1
     * @param share of the values that the first proposals exchange, in (0, 1]
     */
    public record Settings(int queries, double share) {
        /** 10,000 queries, 80 % of the values. */
        public static final Settings MODERN = new Settings(10_000, 0.8);

        public Settings {
            if (queries < 1 || !(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "queries of sparse-rs must be at least 1 and share within (0, 1], but they are %s and %s"
                                .formatted(queries, share));
            }
        }

        /** How many of so many values are exchanged in this iteration, counted from 0. */
        int exchanged(int iteration, int values) {
            double scaled = iteration * SCHEDULE / queries;
            long halvings =
                    IntStream.of(HALVINGS).filter(limit -> scaled > limit).count();
            return (int) Math.max(1, Math.round(share * values / (1L << halvings)));
        }
    }

    @Override
    public String name() {
        return "sparse-rs";
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        LogitsLoss margin = Losses.margin(batch);
        int pixels = batch.imageSize().bytes();
        int values = (int) Math.min(budget.epsilon(), pixels);
        if (values == 0) {
            return;
        }
        int[][] orders = new int[batch.size()][];
        float[][] best = new float[batch.size()][];
        for (int row : batch.rows()) {
            orders[row] = IntStream.range(0, pixels).toArray();
            exchange(orders[row], 0, pixels, batch.random(row));
            best[row] = batch.original(row).clone();
            for (int i = 0; i < values; i++) {
                best[row][orders[row][i]] = corner(batch, batch.random(row));
            }
        }
        double[] bestMargins = margins(batch, model, margin, best, batch.rows());
        try (OpenRows open = new OpenRows(batch, model)) {
            for (int iteration = 0; iteration < settings.queries() && !open.isEmpty(); iteration++) {
                int count = settings.exchanged(iteration, values);
                int[] rows = open.rows();
                int[][] tried = new int[rows.length][];
                float[][] proposals = new float[rows.length][];
                for (int i = 0; i < rows.length; i++) {
                    int row = rows[i];
                    RandomGenerator random = batch.random(row);
                    tried[i] = orders[row].clone();
                    proposals[i] = best[row].clone();
                    exchange(tried[i], 0, values, random);
                    for (int j = 0; j < count; j++) {
                        proposals[i][tried[i][j]] = batch.original(row)[tried[i][j]];
                        swap(tried[i], j, values == pixels ? j : random.nextInt(values, pixels));
                        proposals[i][tried[i][j]] = corner(batch, random);
                    }
                }
                double[] margins = margins(batch, model, margin, proposals, rows);
                for (int i = 0; i < rows.length; i++) {
                    if (margins[i] >= bestMargins[rows[i]]) {
                        bestMargins[rows[i]] = margins[i];
                        best[rows[i]] = proposals[i];
                        orders[rows[i]] = tried[i];
                    }
                }
                open.letGo();
                batch.progress(iteration + 1, settings.queries());
            }
        }
    }

    /** Shuffles the part of an order that begins at {@code from} and ends before {@code to}. */
    private static void exchange(int[] order, int from, int to, RandomGenerator random) {
        for (int i = from; i < to; i++) {
            swap(order, i, random.nextInt(i, to));
        }
    }

    private static void swap(int[] order, int i, int j) {
        int other = order[i];
        order[i] = order[j];
        order[j] = other;
    }

    private static float corner(AttackBatch batch, RandomGenerator random) {
        return (float)
                (random.nextBoolean() ? batch.bounds().max() : batch.bounds().min());
    }

    private static double[] margins(
            AttackBatch batch, ScoredModel model, LogitsLoss margin, float[][] images, int... rows) {
        try (var _ = Scope.open()) {
            return Tensors.toDoubles(
                    margin.of(model.decide(batch.tensor(images), rows).logits(), rows));
        }
    }
}
