package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.LinearBoundaries;
import dev.racnn.attack.Loss;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * DeepFool (Moosavi-Dezfooli et al., 2016) as Foolbox 3.3.4 runs it: steps onto the nearest of the linearised decision
 * boundaries to a few likely classes, added up; the sum, enlarged by an overshoot and clipped to the bounds, is the next
 * point, until one is adversarial.
 *
 * @param norm L2 or LINF: what "nearest" means
 * @param settings the rest
 */
public record DeepFool(Norm norm, Settings settings) implements Attack {
    /** Added to each distance, so that steps do not die out in front of the boundary. */
    private static final double PUSH = 1e-4;

    /** Keeps divisions by the length of a zero gradient finite. */
    private static final double TINY = 1e-8;

    public DeepFool {
        if (norm == Norm.L1) {
            throw new IllegalArgumentException("norm of deepfool must be L2 or LINF, but is " + norm);
        }
    }

    /**
     * Settings.
     *
     * @param steps how many at most, at least 1
     * @param candidates how many classes may be gone to or come from: those with the largest clean logits, at least 2
     * @param overshoot by which share the perturbation is enlarged, not negative
     */
    public record Settings(int steps, int candidates, double overshoot) {
        /** 50 steps, 10 classes, 2 %. */
        public static final Settings MODERN = new Settings(50, 10, 0.02);

        public Settings {
            if (steps < 1 || candidates < 2 || !(overshoot >= 0)) {
                throw new IllegalArgumentException(
                        "steps must be at least 1, candidates at least 2, overshoot at least 0, but they are %s, %s and %s"
                                .formatted(steps, candidates, overshoot));
            }
        }
    }

    @Override
    public String name() {
        return "deepfool";
    }

    @Override
    public Distance objective() {
        return norm.distance();
    }

    /**
     * @throws IllegalArgumentException if the criterion names a target, which DeepFool cannot aim at
     */
    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        if (batch.target(0).isPresent()) {
            throw new IllegalArgumentException(
                    "deepfool goes to the nearest class and knows no target; use another attack for a targeted"
                            + " criterion");
        }
        try (var _ = Scope.open()) {
            int[] open = batch.rows();
            Tensor points = batch.originals(open);
            Tensor sums = torch.zeros_like(points);
            int[][] candidates = candidates(batch, model);
            for (int step = 0; step < settings.steps() && open.length > 0; step++) {
                open = step(batch, model, points, sums, candidates, open);
                batch.progress(step + 1, settings.steps());
            }
            if (open.length > 0) {
                model.decide(points.index_select(0, Tensors.of(open)), open);
            }
        }
    }

    /** For each row the true class, then the others with the largest logits, as many as the settings say. */
    private int[][] candidates(AttackBatch batch, ScoredModel model) {
        int[] rows = batch.rows();
        float[] logits =
                Tensors.toFloats(model.decide(batch.originals(rows), rows).logits());
        int[][] result = new int[rows.length][];
        for (int row : rows) {
            int offset = row * batch.classes();
            IntStream others = IntStream.range(0, batch.classes())
                    .filter(k -> k != batch.label(row))
                    .boxed()
                    .sorted(Comparator.comparingDouble(k -> -logits[offset + k]))
                    .limit(settings.candidates() - 1L)
                    .mapToInt(Integer::intValue);
            result[row] =
                    IntStream.concat(IntStream.of(batch.label(row)), others).toArray();
        }
        return result;
    }

    /**
     * Moves the points of the open rows.
     *
     * @param points one for each row of the batch, changed in place
     * @param sums of the steps so far, changed in place
     * @return the rows that have moved; the others are adversarial
     */
    private int[] step(
            AttackBatch batch, ScoredModel model, Tensor points, Tensor sums, int[][] candidates, int... open) {
        try (var _ = Scope.open()) {
            Tensor from = points.index_select(0, Tensors.of(open));
            Tensor logits = model.decide(from, open).logits();
            int[] positions = IntStream.range(0, open.length)
                    .filter(i -> !model.succeeded(open[i]))
                    .toArray();
            int[] moving = model.unsolved(open);
            if (moving.length > 0) {
                Tensor chosen = Tensors.of(positions);
                Tensor perturbation = perturbation(
                        batch, model, from.index_select(0, chosen), logits.index_select(0, chosen), candidates, moving);
                Tensor index = Tensors.of(moving);
                sums.index_add_(0, index, perturbation);
                Tensor enlarged = sums.index_select(0, index).mul(new Scalar(1 + settings.overshoot()));
                points.index_copy_(0, index, batch.clip(batch.originals(moving).add(enlarged)));
            }
            return moving;
        }
    }

    /** The steps onto the nearest linearised boundaries, a little beyond. */
    private Tensor perturbation(
            AttackBatch batch, ScoredModel model, Tensor from, Tensor logits, int[][] candidates, int... rows) {
        List<int[]> rivals = IntStream.range(1, candidates[rows[0]].length)
                .mapToObj(rank ->
                        IntStream.of(rows).map(row -> candidates[row][rank]).toArray())
                .toList();
        LinearBoundaries boundaries = LinearBoundaries.around(batch, model, from, rows, rivals, norm);
        Loss lead = Objective.lead(batch).apply(rows);
        // How far each rival is behind is for the attacked classifier to say, whatever the gradients go through.
        double[][] leads = rivals.stream()
                .map(rival -> Tensors.toDoubles(lead.of(logits, Tensors.of(rival))))
                .toArray(double[][]::new);
        int[] chosen = new int[rows.length];
        double[] distances = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int point = i;
            IntToDoubleFunction gap = rival -> Math.abs(leads[rival][point]);
            chosen[i] = boundaries.nearest(i, gap, TINY);
            distances[i] = gap.applyAsDouble(boundaries.rival(chosen[i])) / (boundaries.length(chosen[i]) + TINY);
        }
        Tensor directions = norm.steepestStep(boundaries.normals(chosen));
        return directions.mul(Norm.perRow(
                Tensors.of(distances, rows.length).add(new Scalar(PUSH)).to(directions.scalar_type()), directions));
    }
}
