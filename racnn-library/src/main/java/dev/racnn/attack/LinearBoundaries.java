package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The decision boundaries around some points in the linear approximation, one towards each of several rival classes: gaps
 * between logits, and their gradients.
 */
public final class LinearBoundaries {
    /** How far the class aimed at is ahead, see {@link Losses#lead}. */
    private final double[] gaps;

    private final Tensor normals;
    private final double[] lengths;
    private final int points;

    private LinearBoundaries(double[] gaps, Tensor normals, double[] lengths, int points) {
        this.gaps = gaps;
        this.normals = normals;
        this.lengths = lengths;
        this.points = points;
    }

    /**
     * Asks the gradient path for one gradient for each point and rival.
     *
     * @param points float32 [n, 3, H, W]
     * @param rows the examples of the points
     * @param rivals at least one that gives a wrong class for each row
     * @param norm in which perturbations are measured; the normals are measured in its dual
     */
    public static LinearBoundaries around(
            AttackBatch batch, ScoredModel model, Tensor points, int[] rows, List<IntUnaryOperator> rivals, Norm norm) {
        List<Loss> leads = rivals.stream()
                .map(rival -> Losses.lead(batch, rival).on(Signal.LOGITS))
                .toList();
        TensorVector gaps = new TensorVector();
        TensorVector normals = new TensorVector();
        for (LossGradient gradient : model.gradients(points, rows, leads)) {
            gaps.push_back(gradient.losses());
            normals.push_back(gradient.gradient());
        }
        Tensor all = torch.cat(normals, 0);
        return new LinearBoundaries(
                Tensors.toDoubles(torch.cat(gaps, 0)),
                all,
                Tensors.toDoubles(norm.dual().lengths(all)),
                rows.length);
    }

    /**
     * The nearest boundary of a point.
     *
     * @param gap the size of the gap for each rival as it shall count; infinity leaves a boundary out
     * @param tiny added to the length of a normal, so that a division by it is finite
     * @return the number of the boundary, for {@link #gap} and the others; that of the first rival if all are left out
     */
    public int nearest(int point, IntToDoubleFunction gap, double tiny) {
        int nearest = point;
        double shortest = Double.POSITIVE_INFINITY;
        for (int rival = 0; rival < lengths.length / points; rival++) {
            int boundary = rival * points + point;
            double distance = gap.applyAsDouble(rival) / (lengths[boundary] + tiny);
            if (distance < shortest) {
                shortest = distance;
                nearest = boundary;
            }
        }
        return nearest;
    }

    /** The gap towards a rival: how far it is ahead, see {@link Losses#lead}, by the gradient path. */
    public double gap(int boundary) {
        return gaps[boundary];
    }

    /** The gap of the point towards the rival of this number. */
    public double gap(int point, int rival) {
        return gaps[rival * points + point];
    }

    /** The dual length of a boundary's normal. */
    public double length(int boundary) {
        return lengths[boundary];
    }

    /** The number of the rival that a boundary separates from the true class. */
    public int rival(int boundary) {
        return boundary / points;
    }

    /**
     * Normals of some boundaries.
     *
     * @return float32 [boundaries, 3, H, W]
     */
    public Tensor normals(int... boundaries) {
        return normals.index_select(0, Tensors.of(boundaries));
    }
}
