package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/**
 * The fast gradient sign method (Goodfellow et al., 2015) as Foolbox 2d468cb6 runs it: one gradient of the cross-entropy at
 * the image, its sign, and the smallest adversarial one of many step sizes.
 */
public record Fgsm(Settings settings) implements Attack {
    /**
     * Settings.
     *
     * @param epsilons how many step sizes, evenly spaced up to the width of the bounds, at least 1
     */
    public record Settings(int epsilons) {
        /** 1,000 step sizes. */
        public static final Settings PAPER = new Settings(1000);

        public Settings {
            if (epsilons < 1) {
                throw new IllegalArgumentException("epsilons of fgsm must be at least 1, but is " + epsilons);
            }
        }
    }

    @Override
    public String name() {
        return "fgsm";
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        try (var _ = Scope.open()) {
            Tensor gradient = new Climb(Objectives.CROSS_ENTROPY, batch, model)
                    .gradient(batch.originals(batch.rows()), batch.rows())
                    .gradient();
            new LineScan(settings.epsilons()).run(batch, model, gradient.sign());
        }
    }
}
