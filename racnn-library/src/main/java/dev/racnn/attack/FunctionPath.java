package dev.racnn.attack;

import dev.racnn.model.Vicinity;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Gradients by automatic differentiation of a function from images to logits. */
record FunctionPath(UnaryOperator<Tensor> logits, String name) implements GradientPath {
    @Override
    public GradientSession open(AttackBatch batch) {
        return through((points, _) -> logits.apply(points));
    }

    /** Differentiates what is answered around the examples of a batch. */
    static GradientSession through(Vicinity answers) {
        return (points, rows, losses) -> Autograd.gradients(
                points,
                rows,
                losses,
                leaf -> new Signals(leaf)
                        .with(
                                Signal.LOGITS,
                                at -> answers.logits(at.points(), rows).to(ScalarType.Float)));
    }
}
