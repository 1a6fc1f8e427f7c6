package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.Survivors;
import dev.racnn.attack.ThreatModel;
import dev.racnn.data.ImageSize;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One perturbation for all images (Moosavi-Dezfooli et al., 2017), by ascent of the cross-entropy summed over them, projected onto the ball (UAP-PGD;
 * Shafahi et al., 2020). It is made for the images that are attacked, so that what it leaves of them is less than of others.
 *
 * @param budget the ball, in L2 or LINF
 * @param settings the rest
 */
public record Universal(ThreatModel budget, Settings settings) implements AttackSequence {
    private static final String NAME = "universal";

    public Universal {
        budget.norm().requireOneOf(NAME, Norm.L2, Norm.LINF);
    }

    /**
     * Settings.
     *
     * @param epochs how often all images are looked at, at least 1
     * @param relativeStep length of a step over the radius of the ball, positive
     */
    public record Settings(int epochs, double relativeStep) {
        /** 20 epochs with a step of a tenth of the radius after each. */
        public static final Settings MODERN = new Settings(20, 0.1);

        public Settings {
            if (epochs < 1 || !(relativeStep > 0)) {
                throw new IllegalArgumentException(
                        "epochs of universal must be at least 1 and relativeStep positive, but they are %s and %s"
                                .formatted(epochs, relativeStep));
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The ascent, which finds nothing, and the perturbation on all images. */
    @Override
    public List<Attack> attacks() {
        float[] nothing = new float[0];
        return List.of(new Ascending(nothing), new Applied(nothing));
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public SuiteResult run(AttackRunner runner, Examples examples) throws IOException {
        float[] perturbation = new float[examples.size().bytes()];
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            Ascending ascending = new Ascending(perturbation);
            runner.withJournal(null).run(ascending, examples);
            perturbation = ascending.moved(examples.size());
        }
        AttackResult result = runner.run(new Applied(perturbation), examples);
        Survivors survivors = new Survivors(examples);
        survivors.after(NAME, result, outcome -> outcome);
        return new SuiteResult(survivors.stages(), List.of(), result);
    }

    /** Images with a perturbation, within the bounds. */
    private static Tensor applied(AttackBatch batch, float[] perturbation) {
        return batch.clip(batch.originals(batch.rows()).add(batch.tensor(perturbation)));
    }

    /** What is done with one perturbation in turn. */
    private abstract class OfOne implements Attack {
        final float[] perturbation;

        OfOne(float[] perturbation) {
            this.perturbation = perturbation;
        }

        /** Which perturbation, so that a journal of another one is not gone on with. */
        private record Made(Settings settings, int perturbation) {}

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Record settings() {
            return new Made(settings, Arrays.hashCode(perturbation));
        }

        @Override
        public Optional<ThreatModel> threatModel() {
            return Optional.of(budget);
        }

        @Override
        public Distance distance() {
            return budget.norm().distance();
        }
    }

    /** Adds up the gradients of all images. */
    private final class Ascending extends OfOne {
        private final float[] sum;

        Ascending(float[] perturbation) {
            super(perturbation);
            this.sum = new float[perturbation.length];
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            try (var _ = Scope.open()) {
                Climb climb = new Climb(Objectives.CROSS_ENTROPY, batch, model);
                Tensor gradient = climb.gradient(applied(batch, perturbation), batch.rows())
                        .gradient();
                float[] own = Tensors.toFloats(gradient.sum(0));
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += own[i];
                }
            }
        }

        /** The perturbation one step later. */
        float[] moved(ImageSize size) {
            try (var _ = Scope.open()) {
                Tensor at = Tensors.of(perturbation, 1, ImageSize.CHANNELS, size.height(), size.width());
                Tensor gradient = Tensors.of(sum, 1, ImageSize.CHANNELS, size.height(), size.width());
                Scalar length = new Scalar(settings.relativeStep() * budget.epsilon());
                Tensor next = at.add(budget.norm().steepestStep(gradient), length);
                return Tensors.toFloats(budget.norm().project(torch.zeros_like(at), next, budget.epsilon()));
            }
        }
    }

    /** Shows the model all images with the perturbation. */
    private final class Applied extends OfOne {
        Applied(float[] perturbation) {
            super(perturbation);
        }

        @Override
        public boolean needsGradients() {
            return false;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            try (var _ = Scope.open()) {
                model.decide(applied(batch, perturbation), batch.rows());
            }
        }
    }
}
