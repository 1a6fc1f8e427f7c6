package dev.racnn.model;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * A classifier written as a Java lambda from a batch of images to logits.
 *
 * @param classes number of classes, at least 2
 * @param bounds smallest and largest pixel value
 * @param differentiable whether the function is made of tensor operations that autograd can follow; if not, only
 *     decision-based attacks apply
 * @param function float32 [B, 3, H, W] to float32 [B, classes]
 */
public record FunctionClassifier(int classes, Bounds bounds, boolean differentiable, UnaryOperator<Tensor> function)
        implements Classifier {
    public FunctionClassifier {
        if (classes < 2) {
            throw new IllegalArgumentException("classes must be at least 2, but is " + classes);
        }
    }

    /** A differentiable function of images with pixels in [0, 1]. */
    public static FunctionClassifier of(int classes, UnaryOperator<Tensor> function) {
        return new FunctionClassifier(classes, Bounds.UNIT, true, function);
    }

    @Override
    public Tensor logits(Tensor images) {
        // Foreign code may write into what it is given.
        return function.apply(images.clone());
    }
}
