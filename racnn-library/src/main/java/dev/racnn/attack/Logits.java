package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Logits on their way from a classifier to a criterion. */
public final class Logits {
    private Logits() {}

    /**
     * The logits row by row.
     *
     * @throws IllegalStateException if the shape is not [count, classes]
     */
    static float[][] checked(Tensor logits, int classes, int count) {
        long[] shape = Tensors.shape(logits);
        if (shape.length != 2 || shape[0] != count || shape[1] != classes) {
            throw new IllegalStateException(
                    "logits must have shape [%s, %s] (images, classes), but have %s; does the model have another number of classes?"
                            .formatted(count, classes, Arrays.toString(shape)));
        }
        float[] all = Tensors.toFloats(logits);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
        }
        return rows;
    }

    /**
     * The logits of unperturbed images row by row.
     *
     * @param indices index of the example behind each row
     * @throws IllegalStateException if the shape is not [count, classes], or a logit is NaN
     */
    public static float[][] checked(Tensor logits, int classes, IntUnaryOperator indices, int count) {
        float[][] rows = checked(logits, classes, count);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < classes; k++) {
                if (Float.isNaN(rows[i][k])) {
                    throw new IllegalStateException(
                            "logits must be numbers, but logit %s of example %s is NaN; check the model's weights and its mean and std"
                                    .formatted(k, indices.applyAsInt(i)));
                }
            }
        }
        return rows;
    }

    /** Whether none of the logits of a point is NaN. */
    static boolean areNumbers(float[] logits) {
        for (float logit : logits) {
            if (Float.isNaN(logit)) {
                return false;
            }
        }
        return true;
    }
}
