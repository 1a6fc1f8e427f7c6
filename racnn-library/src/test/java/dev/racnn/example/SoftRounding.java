package dev.racnn.example;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Autograd;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.GradientSession;
import dev.racnn.attack.Gradients;
import dev.racnn.attack.Loss;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Signals;
import dev.racnn.attack.Step;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The example of docs/attacks/your-own.md: an attack on a defence that rounds pixels, and so has no gradients. */
record SoftRounding(UnaryOperator<Tensor> network) implements GradientPath {
    static final Signal ROUNDED = new Signal("rounded pixels");

    /** The defence. */
    static Tensor rounded(Tensor images) {
        return images.mul(new Scalar(4.0)).round().div(new Scalar(4.0));
    }

    /** The attack. */
    static AttackResult attack(Classifier defended, Classifier network, Examples images) throws IOException {
        Pgd pgd = Pgd.basic(new ThreatModel(Norm.LINF, 0.15));
        AttackRunner runner = new AttackRunner(defended).withGradients(new SoftRounding(network::logits));
        return runner.run(pgd, images);
    }

    @Override
    public String name() {
        return "a rounding that is soft at first";
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        return new GradientSession() {
            private double slope = 1;

            @Override
            public void at(Step step) {
                slope = 1 - 0.5 * step.share();
            }

            @Override
            public Gradients gradients(Tensor points, int[] rows, List<Loss> losses) {
                return Autograd.gradients(
                        points,
                        rows,
                        losses,
                        leaf -> new Signals(leaf)
                                .with(ROUNDED, at -> straightThrough(at.points()))
                                .with(Signal.LOGITS, at -> network.apply(at.get(ROUNDED))));
            }

            private Tensor straightThrough(Tensor images) {
                Tensor soft = images.mul(new Scalar(slope));
                return rounded(images).detach().add(soft).sub(soft.detach());
            }
        };
    }
}
