package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.BudgetedAttack;
import dev.racnn.attack.Norm;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Random noise on the surface of the ball, clipped to the bounds: Gaussian in L1 and L2, uniform in LINF. No attack to speak of, but a
 * check of the others: where it finds what they do not, they are broken or the classifier hides its gradients.
 *
 * @param budget the ball
 * @param settings the rest
 */
public record AdditiveNoise(ThreatModel budget, Settings settings) implements BudgetedAttack {
    public AdditiveNoise {
        budget.norm().requireOneOf("noise", Norm.L1, Norm.L2, Norm.LINF);
    }

    /**
     * Settings.
     *
     * @param draws noises for each example at most, at least 1
     */
    public record Settings(int draws) {
        /** 100 draws. */
        public static final Settings MODERN = new Settings(100);

        public Settings {
            if (draws < 1) {
                throw new IllegalArgumentException("draws of noise must be at least 1, but is " + draws);
            }
        }
    }

    @Override
    public String name() {
        return "noise";
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        try (OpenRows open = new OpenRows(batch, model)) {
            for (int draw = 0; draw < settings.draws() && !open.isEmpty(); draw++) {
                try (var _ = Scope.open()) {
                    Tensor directions = batch.tensor(IntStream.of(open.rows())
                            .mapToObj(row -> noise(batch.original(row).length, batch.random(row)))
                            .toArray(float[][]::new));
                    Tensor unit = directions.div(Norm.perRow(budget.norm().lengths(directions), directions));
                    Tensor points = open.originals().add(unit.mul(new Scalar(budget.epsilon())));
                    model.decide(batch.clip(points), open.rows());
                }
                open.letGo();
                batch.progress(draw + 1, settings.draws());
            }
        }
    }

    private float[] noise(int length, RandomGenerator random) {
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) (budget.norm() == Norm.LINF ? random.nextDouble(-1, 1) : random.nextGaussian());
        }
        return noise;
    }
}
