package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.attack.paper.Ifgsm;
import dev.racnn.model.Bounds;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class GradientPathTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);

    @Test
    void with_a_surrogate_every_point_is_scored_on_the_attacked_model() throws IOException {
        FunctionClassifier surrogate = LinearModel.threshold(0.4);
        FunctionClassifier target = LinearModel.threshold(0.5);
        Examples image = LinearModel.grey(0.3);
        Outcome transfer =
                new AttackRunner(surrogate).run(FGSM, image).outcomes().getFirst();
        AttackResult composite = new AttackRunner(target)
                .withGradients(GradientPath.through(surrogate, "surrogate"))
                .run(FGSM, image);
        // What fools the surrogate stops just beyond its own boundary, short of that of the target.
        assertThat(transfer.linf()).isCloseTo(0.1, within(0.002));
        assertThat(composite.outcomes().getFirst().linf()).isCloseTo(0.2, within(0.002));
        assertThat(composite.gradientPath()).isEqualTo("surrogate");
    }

    @Test
    void a_surrogate_gives_gradients_for_a_model_without() throws IOException {
        FunctionClassifier opaque =
                new FunctionClassifier(3, Bounds.UNIT, false, images -> LinearModel.logits(images, 0.5));
        assertThatThrownBy(() -> GradientPath.through(opaque, "opaque")).isInstanceOf(IllegalArgumentException.class);
        AttackResult result = new AttackRunner(opaque)
                .withGradients(GradientPath.through(LinearModel.threshold(0.4), "surrogate"))
                .run(FGSM, LinearModel.grey(0.3));
        assertThat(result.robustAccuracy()).isZero();
    }

    @Test
    void gradients_of_several_labels_share_a_forward_pass_and_agree_with_finite_differences() {
        AtomicInteger passes = new AtomicInteger();
        FunctionClassifier model = FunctionClassifier.of(3, images -> {
            passes.incrementAndGet();
            return curved(images);
        });
        try (var _ = Scope.open()) {
            Tensor points = torch.rand(new long[] {2, 3, 2, 2});
            List<Tensor> labels = List.of(Tensors.of(new int[] {0, 1}), Tensors.of(new int[] {2, 2}));
            List<Loss> losses = labels.stream()
                    .<Loss>map(classes -> (at, _) -> Losses.crossEntropy(at.get(Signal.LOGITS), classes))
                    .toList();
            List<LossGradient> gradients;
            try (GradientSession session =
                    GradientPath.through(model, "autograd").open(batch())) {
                gradients = session.gradients(points, new int[] {0, 1}, losses).each();
            }
            assertThat(passes.get()).isEqualTo(1);
            Tensor direction = torch.randn(new long[] {2, 3, 2, 2});
            Tensor step = direction.mul(new Scalar(1e-2));
            for (int i = 0; i < 2; i++) {
                double[] slopes = Tensors.toDoubles(gradients
                        .get(i)
                        .gradient()
                        .mul(direction)
                        .flatten(1, -1)
                        .sum(1));
                double[] up = Tensors.toDoubles(Losses.crossEntropy(curved(points.add(step)), labels.get(i)));
                double[] down = Tensors.toDoubles(Losses.crossEntropy(curved(points.sub(step)), labels.get(i)));
                for (int row = 0; row < 2; row++) {
                    assertThat(slopes[row]).isCloseTo((up[row] - down[row]) / 2e-2, within(5e-3));
                }
            }
        }
    }

    private static AttackBatch batch() {
        Examples greys = LinearModel.grey(0.1, 0.2);
        return new AttackBatch(greys, greys, Criterion.misclassified(), Bounds.UNIT, 3, 0, Progress.UNHEARD);
    }

    private static Tensor curved(Tensor images) {
        Tensor flat = images.flatten(1, -1);
        return torch.cat(
                new TensorVector(
                        flat.mean(1).unsqueeze(1),
                        flat.square().sum(1).unsqueeze(1),
                        flat.sin().sum(1).unsqueeze(1)),
                1);
    }

    @Test
    void the_process_does_not_grow_over_thousands_of_attack_steps() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        Ifgsm attack = new Ifgsm(Ifgsm.Settings.PAPER);
        Examples images = LinearModel.grey(0.1, 0.2, 0.3, 0.4);
        runner.run(attack, images);
        long before = Pointer.physicalBytes();
        for (int i = 0; i < 100; i++) {
            runner.run(attack, images);
        }
        assertThat(Pointer.physicalBytes() - before).isLessThan(100L << 20);
    }
}
