package dev.racnn.attack;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Gradients by automatic differentiation of a function from images to logits. */
record FunctionPath(UnaryOperator<Tensor> logits, String name) implements GradientPath {
    @Override
    public GradientSession open(AttackBatch batch) {
        return (points, rows, losses) -> Autograd.gradients(
                points,
                rows,
                losses,
                leaf -> new Signals(leaf)
                        .with(Signal.LOGITS, at -> logits.apply(at.points()).to(ScalarType.Float)));
    }
}
