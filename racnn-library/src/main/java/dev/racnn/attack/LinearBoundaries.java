package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The decision boundaries around some points in the linear approximation, one towards each of several rival classes: gaps,
 * zero at the boundary, and their gradients.
 */
public final class LinearBoundaries {
    private final List<LogitsLoss> losses;
    private final int[] rows;
    private final double[] gaps;
    private final Tensor normals;
    private final double[] lengths;

    private LinearBoundaries(List<LogitsLoss> losses, int[] rows, double[] gaps, Tensor normals, double[] lengths) {
        this.losses = losses;
        this.rows = rows;
        this.gaps = gaps;
        this.normals = normals;
        this.lengths = lengths;
    }

    /**
     * Asks the gradient path for one gradient for each point and rival. Gaps are those of the path, see {@link #judgedBy}.
     *
     * @param points float32 [n, 3, H, W]
     * @param rows the examples of the points
     * @param losses at least one gap, one for each rival of a point
     * @param norm in which perturbations are measured; the normals are measured in its dual
     */
    public static LinearBoundaries around(
            ScoredModel model, Tensor points, int[] rows, List<LogitsLoss> losses, Norm norm) {
        TensorVector gaps = new TensorVector();
        TensorVector normals = new TensorVector();
        for (LossGradient gradient : model.gradients(
                points,
                rows,
                losses.stream().map(loss -> loss.on(Signal.LOGITS)).toList())) {
            gaps.push_back(gradient.losses());
            normals.push_back(gradient.gradient());
        }
        Tensor all = torch.cat(normals, 0);
        return new LinearBoundaries(
                losses,
                rows,
                Tensors.toDoubles(torch.cat(gaps, 0)),
                all,
                Tensors.toDoubles(norm.dual().lengths(all)));
    }

    /**
     * The same boundaries with gaps that the attacked classifier states, whatever the gradients go through.
     *
     * @param logits of the classifier at the points, [n, classes]
     */
    public LinearBoundaries judgedBy(Tensor logits) {
        double[] stated = losses.stream()
                .flatMapToDouble(loss -> DoubleStream.of(Tensors.toDoubles(loss.of(logits, rows))))
                .toArray();
        return new LinearBoundaries(losses, rows, stated, normals, lengths);
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
        for (int rival = 0; rival < losses.size(); rival++) {
            int boundary = rival * rows.length + point;
            double distance = gap.applyAsDouble(rival) / (lengths[boundary] + tiny);
            if (distance < shortest) {
                shortest = distance;
                nearest = boundary;
            }
        }
        return nearest;
    }

    /** The gap towards a rival. */
    public double gap(int boundary) {
        return gaps[boundary];
    }

    /** The gap of the point towards the rival of this number. */
    public double gap(int point, int rival) {
        return gaps[rival * rows.length + point];
    }

    /** The dual length of a boundary's normal. */
    public double length(int boundary) {
        return lengths[boundary];
    }

    /** The number of the rival that a boundary separates from the true class. */
    public int rival(int boundary) {
        return boundary / rows.length;
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
