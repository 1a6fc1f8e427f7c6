package dev.racnn.attack;

import dev.racnn.model.Classifier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * How an attacker obtains gradients. Decisions are always those of the attacked classifier; gradients may come from
 * it by automatic differentiation, from a surrogate, or from a construction that knows the defence.
 *
 * <p>A path is opened for each batch that is attacked; {@link Autograd#gradients} does the work of those that differentiate.
 */
public interface GradientPath {
    /** What the gradients go through, for reports and journals. */
    String name();

    /** Goes to work on a batch. */
    GradientSession open(AttackBatch batch);

    /** Whether {@link Signal#LOGITS} are exactly what this classifier answers, so that it need not be asked again. */
    default boolean answersFor(Classifier target) {
        return false;
    }

    /** The path that this one only averages or otherwise wraps; itself if it wraps none. */
    default GradientPath origin() {
        return this;
    }

    /** How many gradients it takes for each that it returns. */
    default int passes() {
        return 1;
    }

    /**
     * The same, with gradients averaged over several passes: expectation over transformation (Athalye et al., 2018), for
     * models and paths that answer at random.
     *
     * @param count how many, at least 1
     */
    default GradientPath averaged(int count) {
        return new AveragedPath(this, count);
    }

    /**
     * Automatic differentiation through a classifier: the attacked one, or a surrogate.
     *
     * @throws IllegalArgumentException if the classifier has no gradients
     */
    static GradientPath through(Classifier classifier, String name) {
        return new AutogradPath(classifier, name);
    }

    /**
     * Automatic differentiation through any function, such as the defence with what has no gradients replaced by what has
     * (backward pass differentiable approximation, Athalye et al., 2018).
     *
     * @param logits from images float32 [n, 3, H, W] to logits [n, classes]
     */
    static GradientPath through(UnaryOperator<Tensor> logits, String name) {
        return new FunctionPath(logits, name);
    }
}
