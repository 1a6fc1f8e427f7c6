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
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * SimBA (Guo et al., 2019): steps forward or back along one direction of an orthonormal basis after the other, in random order, where that brings the best wrong
 * class nearer. Needs logits alone.
 *
 * @param budget the ball, in L2 or LINF
 * @param settings the rest
 */
public record Simba(ThreatModel budget, Settings settings) implements BudgetedAttack {
    public Simba {
        budget.norm().requireOneOf("simba", Norm.L2, Norm.LINF);
    }

    /** What is stepped along. */
    public enum Basis {
        /** Single values. */
        PIXELS,
        /** Cosines over the whole of a channel, the slow ones first. */
        COSINES
    }

    /**
     * Settings.
     *
     * @param directions how many are tried, at least 1; each takes one or two queries
     * @param relativeStep largest change of a pixel by one step over the radius, positive
     * @param basis of the directions
     */
    public record Settings(int directions, double relativeStep, Basis basis) {
        /** 3,000 cosines; in L2 steps a fifth as long as the radius, in LINF a tenth in each pixel. */
        public static Settings standard(Norm norm) {
            return new Settings(3000, norm == Norm.L2 ? 0.2 : 0.1, Basis.COSINES);
        }

        public Settings {
            if (directions < 1 || !(relativeStep > 0)) {
                throw new IllegalArgumentException(
                        "directions of simba must be at least 1 and relativeStep positive, but they are %s and %s"
                                .formatted(directions, relativeStep));
            }
        }
    }

    @Override
    public String name() {
        return "simba";
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        LogitsLoss margin = Losses.margin(batch);
        int pixels = batch.imageSize().bytes();
        Cosines cosines = new Cosines(batch.imageSize());
        int[][] orders = IntStream.of(batch.rows())
                .mapToObj(row -> order(cosines, pixels, batch.random(row)))
                .toArray(int[][]::new);
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held points = open.hold(open.originals());
            double[] best = new double[batch.size()];
            Arrays.fill(best, Double.NEGATIVE_INFINITY);
            note(best, margins(model, margin, points.get(), open.rows()), open.rows());
            for (int i = 0; i < settings.directions() && !open.isEmpty(); i++) {
                int number = i;
                for (int sign = -1; sign <= 1 && !open.isEmpty(); sign += 2) {
                    try (var _ = Scope.open()) {
                        double length = sign * settings.relativeStep() * budget.epsilon();
                        float[][] steps = IntStream.of(open.rows())
                                .mapToObj(row -> direction(cosines, pixels, orders[row][number % pixels], length))
                                .toArray(float[][]::new);
                        Tensor moved = points.get().add(batch.tensor(steps));
                        Tensor next = batch.clip(budget.norm().project(open.originals(), moved, budget.epsilon()));
                        int[] rows = open.rows();
                        double[] margins = margins(model, margin, next, rows);
                        points.set(
                                next,
                                IntStream.range(0, rows.length)
                                        .filter(j -> margins[j] > best[rows[j]])
                                        .toArray());
                        note(best, margins, rows);
                    }
                    open.letGo();
                }
                batch.progress(i + 1, settings.directions());
            }
        }
    }

    private static void note(double[] best, double[] margins, int... rows) {
        for (int i = 0; i < rows.length; i++) {
            best[rows[i]] = Math.max(best[rows[i]], margins[i]);
        }
    }

    private static double[] margins(ScoredModel model, LogitsLoss margin, Tensor points, int... rows) {
        try (var _ = Scope.open()) {
            return Tensors.toDoubles(margin.of(model.decide(points, rows).logits(), rows));
        }
    }

    /** Numbers of directions in random order; of cosines those of the lower half of the frequencies before the others. */
    private int[] order(Cosines cosines, int pixels, RandomGenerator random) {
        int[] order = IntStream.range(0, pixels).toArray();
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i, order.length);
            int other = order[i];
            order[i] = order[j];
            order[j] = other;
        }
        return settings.basis() == Basis.PIXELS
                ? order
                : IntStream.concat(
                                IntStream.of(order).filter(cosines::isSlow),
                                IntStream.of(order).filter(number -> !cosines.isSlow(number)))
                        .toArray();
    }

    /** One direction: of Euclidean length {@code length} in L2, with the largest value {@code length} in LINF. */
    private float[] direction(Cosines cosines, int pixels, int number, double length) {
        float[] direction = new float[pixels];
        if (settings.basis() == Basis.PIXELS) {
            direction[number] = (float) length;
            return direction;
        }
        double[] wave = cosines.wave(number);
        double largest = budget.norm() == Norm.LINF
                ? Arrays.stream(wave).map(Math::abs).max().orElse(1)
                : 1;
        for (int i = 0; i < pixels; i++) {
            direction[i] = (float) (length * wave[i] / largest);
        }
        return direction;
    }
}
