package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.LinearBoundaries;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
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
        batch.requireUntargeted(name());
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            OpenRows.Held points = open.hold(open.originals().to(ScalarType.Double));
            int[][] candidates = new int[batch.size()][];
            for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
                step(batch, model, open, points, candidates);
                batch.progress(step + 1, settings.steps());
            }
            if (!open.isEmpty()) {
                model.decide(points.get(), open.rows());
            }
        }
    }

    /**
     * Lets those go that are adversarial or have no class left to go to, and moves the points of the others.
     *
     * @param candidates classes of each row, most likely first; filled in the first step
     */
    private void step(AttackBatch batch, ScoredModel model, OpenRows open, OpenRows.Held points, int[][] candidates) {
        try (var _ = Scope.open()) {
            int[] rows = open.rows();
            float[] answers = Tensors.toFloats(model.decide(points.get(), rows).logits());
            float[][] logitsOf = new float[batch.size()][];
            for (int i = 0; i < rows.length; i++) {
                logitsOf[rows[i]] = Arrays.copyOfRange(answers, i * batch.classes(), (i + 1) * batch.classes());
                if (candidates[rows[i]] == null) {
                    candidates[rows[i]] = candidates(logitsOf[rows[i]]);
                }
            }
            open.keep(IntStream.range(0, rows.length)
                    .filter(i -> !model.succeeded(rows[i])
                            && hasRival(logitsOf[rows[i]], candidates[rows[i]], batch.label(rows[i])))
                    .toArray());
            if (!open.isEmpty()) {
                Tensor perturbation = perturbation(batch, model, points.get(), open.rows(), logitsOf, candidates);
                points.set(batch.clip(points.get().add(perturbation)));
            }
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
        // The distances count pairs of classes, whatever the criterion asks for; so have the normals.
        LinearBoundaries boundaries =
                LinearBoundaries.around(model, from, rows, pairs(batch, rows, candidates), Norm.L2);
        int[] chosen = new int[rows.length];
        double[] scales = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float[] z = logits[rows[i]];
            int label = batch.label(rows[i]);
            int[] likely = candidates[rows[i]];
            chosen[i] = boundaries.nearest(i, rival -> remaining(z, label, likely[rival + 1]), TINY);
            double length = boundaries.length(chosen[i]) + TINY;
            scales[i] = OVERSHOOT * remaining(z, label, likely[boundaries.rival(chosen[i]) + 1]) / (length * length);
        }
        return boundaries.normals(chosen).mul(Tensors.of(scales, rows.length, 1, 1, 1));
    }

    /** How far each candidate after the first is ahead of the true class, rank by rank. */
    private static List<LogitsLoss> pairs(AttackBatch batch, int[] rows, int[][] candidates) {
        return IntStream.range(1, candidates[rows[0]].length)
                .mapToObj(rank -> Losses.ahead(batch, row -> candidates[row][rank]))
                .toList();
    }

    /** How far the true class still is above a rival; infinity if it is not, since there is nothing left to cross. */
    private static double remaining(float[] logits, int label, int rival) {
        double gap = (double) logits[label] - logits[rival];
        return gap > 0 ? gap : Double.POSITIVE_INFINITY;
    }
}
