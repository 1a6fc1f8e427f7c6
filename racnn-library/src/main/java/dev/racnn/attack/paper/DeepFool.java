package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Loss;
import dev.racnn.attack.LossGradient;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * DeepFool (Moosavi-Dezfooli et al., 2016) as Foolbox 2d468cb6 runs it: steps, each enlarged by an overshoot, onto the
 * nearest of the linearised decision boundaries to a few likely classes, clipped to the bounds, until the point is
 * adversarial.
 *
 * <p>Foolbox takes differences of cross-entropies; the normaliser of the softmax cancels in them, so this takes the
 * differences of logits that remain.
 */
public record DeepFool(Settings settings) implements Attack {
    /** Factor of each step; the original paper applies it to the whole perturbation instead. */
    private static final double OVERSHOOT = 1.05;

    /** Keeps divisions by the length of a zero gradient finite. */
    private static final double TINY = 1e-8;

    /**
     * Settings.
     *
     * @param steps how many at most, at least 1
     * @param subsample how many classes are candidates: those with the largest logits of the clean image, at least 2
     */
    public record Settings(int steps, int subsample) {
        /** 100 steps, 10 classes. */
        public static final Settings PAPER = new Settings(100, 10);

        public Settings {
            if (steps < 1 || subsample < 2) {
                throw new IllegalArgumentException(
                        "steps of deepfool must be at least 1 and subsample at least 2, but are " + steps + " and "
                                + subsample);
            }
        }
    }

    @Override
    public String name() {
        return "deepfool";
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
            Tensor points = batch.originals(batch.rows()).to(ScalarType.Double);
            int[][] candidates = new int[batch.size()][];
            int[] open = batch.rows();
            for (int step = 0; step < settings.steps() && open.length > 0; step++) {
                open = step(batch, model, points, candidates, open);
                batch.progress(step + 1, settings.steps());
            }
            if (open.length > 0) {
                model.decide(points.index_select(0, Tensors.of(open)), open);
            }
        }
    }

    /**
     * Moves the points of the open rows.
     *
     * @param points one for each row of the batch, changed in place
     * @param candidates classes of each row, most likely first; filled in the first step
     * @return the rows that have moved: the others are adversarial, or no class is left to go to
     */
    private int[] step(AttackBatch batch, ScoredModel model, Tensor points, int[][] candidates, int[] open) {
        try (var _ = Scope.open()) {
            Tensor logits =
                    model.decide(points.index_select(0, Tensors.of(open)), open).logits();
            float[] answers = Tensors.toFloats(logits);
            float[][] logitsOf = new float[batch.size()][];
            for (int i = 0; i < open.length; i++) {
                logitsOf[open[i]] = Arrays.copyOfRange(answers, i * batch.classes(), (i + 1) * batch.classes());
                if (candidates[open[i]] == null) {
                    candidates[open[i]] = candidates(logitsOf[open[i]]);
                }
            }
            int[] moving = IntStream.of(model.unsolved(open))
                    .filter(row -> hasRival(logitsOf[row], candidates[row], batch.label(row)))
                    .toArray();
            if (moving.length > 0) {
                Tensor index = Tensors.of(moving);
                Tensor from = points.index_select(0, index);
                Tensor perturbation = perturbation(batch, model, from, moving, logitsOf, candidates);
                points.index_copy_(0, index, batch.clip(from.add(perturbation)));
            }
            return moving;
        }
    }

    /** The classes with the largest logits, largest first; of equal ones, as in a reversed sort, the higher class first. */
    private int[] candidates(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(k -> -logits[k]).thenComparing(Comparator.reverseOrder()))
                .limit(settings.subsample())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Whether a candidate after the first is less likely than the true class, so that there is a boundary to cross. */
    private static boolean hasRival(float[] logits, int[] candidates, int label) {
        return Arrays.stream(candidates).skip(1).anyMatch(k -> logits[k] < logits[label]);
    }

    /** The steps onto the nearest linearised boundaries, overshoot included. */
    private static Tensor perturbation(
            AttackBatch batch, ScoredModel model, Tensor from, int[] rows, float[][] logits, int[][] candidates) {
        Tensor truth = batch.labels(rows);
        Loss rivalry = (z, rivals) -> z.gather(1, rivals.unsqueeze(1))
                .sub(z.gather(1, truth.unsqueeze(1)))
                .squeeze(1);
        int rivals = candidates[rows[0]].length - 1;
        List<Tensor> labels = new ArrayList<>();
        for (int j = 1; j <= rivals; j++) {
            int rank = j;
            labels.add(Tensors.of(
                    IntStream.of(rows).map(row -> candidates[row][rank]).toArray()));
        }
        TensorVector normals = new TensorVector();
        for (LossGradient gradient : model.gradients(from, rows, labels, rivalry)) {
            normals.push_back(gradient.gradient());
        }
        Tensor all = torch.cat(normals, 0);
        double[] lengths = Tensors.toDoubles(Norm.L2.lengths(all));
        int[] chosen = new int[rows.length];
        double[] scales = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float[] z = logits[rows[i]];
            double nearest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < rivals; j++) {
                double gap = (double) z[batch.label(rows[i])] - z[candidates[rows[i]][j + 1]];
                double length = lengths[j * rows.length + i] + TINY;
                if (gap > 0 && gap / length < nearest) {
                    nearest = gap / length;
                    chosen[i] = j * rows.length + i;
                    scales[i] = OVERSHOOT * gap / (length * length);
                }
            }
        }
        return all.index_select(0, Tensors.of(chosen)).mul(Tensors.of(scales, rows.length, 1, 1, 1));
    }
}
