package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ScoredModel;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class IfgsmTest {
    private static final Ifgsm.Settings SETTINGS = new Ifgsm.Settings(40, 10);

    /** The attack as it is defined: every point of every walk is asked about. */
    private record Literal() implements Attack {
        @Override
        public String name() {
            return "ifgsm";
        }

        @Override
        public Record settings() {
            return SETTINGS;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            Climb climb = new Climb(Objectives.CROSS_ENTROPY, batch, model);
            for (int size = 1; size <= SETTINGS.epsilons(); size++) {
                try (var _ = Scope.open()) {
                    Tensor points = batch.originals(batch.rows());
                    Scalar stepSize = new Scalar(size / (double) SETTINGS.epsilons() / SETTINGS.steps());
                    for (int step = 0; step < SETTINGS.steps(); step++) {
                        Tensor sign =
                                climb.gradient(points, batch.rows()).gradient().sign();
                        points = batch.clip(points.add(sign.mul(stepSize)));
                        model.decide(points, batch.rows());
                    }
                }
            }
        }
    }

    @Test
    void what_is_left_out_changes_no_nearest_point() throws IOException {
        Classifier target = wavy(1);
        Examples examples = images(target);
        for (Classifier gradients : List.of(target, wavy(2))) {
            AttackRunner runner = new AttackRunner(target).withGradients(GradientPath.through(gradients, "gradients"));
            List<Outcome> literal = runner.run(new Literal(), examples).outcomes();
            List<Outcome> ours = runner.run(new Ifgsm(SETTINGS), examples).outcomes();
            assertThat(literal.stream().filter(Outcome::success).count()).isBetween(10L, 60L);
            for (int i = 0; i < literal.size(); i++) {
                assertThat(ours.get(i).adversarial()).isEqualTo(literal.get(i).adversarial());
                assertThat(ours.get(i).msd()).isEqualTo(literal.get(i).msd());
            }
            long all = literal.stream().mapToLong(Outcome::forwardQueries).sum();
            assertThat(ours.stream().mapToLong(Outcome::forwardQueries).sum()).isLessThan(all * 9 / 10);
        }
    }

    /** Logits that rise and fall many times between the bounds, so that walks turn round and come back. */
    private static Classifier wavy(long seed) {
        int pixels = LinearModel.SIZE.bytes();
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[pixels * 3];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-8, 8);
        }
        return FunctionClassifier.of(
                3,
                images -> images.flatten(1, -1)
                        .matmul(Tensors.of(weights, pixels, 3))
                        .sin());
    }

    /** Random images with the labels that they get. */
    private static Examples images(Classifier target) {
        SplittableRandom random = new SplittableRandom(3);
        float[][] images = new float[60][LinearModel.SIZE.bytes()];
        for (float[] image : images) {
            for (int i = 0; i < image.length; i++) {
                image[i] = (float) random.nextDouble();
            }
        }
        int[] numbers = IntStream.range(0, images.length).toArray();
        try (var _ = Scope.open()) {
            Examples unlabelled = new Examples(LinearModel.SIZE, images, new int[images.length], numbers);
            float[] logits = Tensors.toFloats(target.logits(unlabelled.tensor()));
            int[] labels = IntStream.range(0, images.length)
                    .map(i -> IntStream.range(0, 3)
                            .reduce((a, b) -> logits[3 * i + b] > logits[3 * i + a] ? b : a)
                            .orElseThrow())
                    .toArray();
            return new Examples(LinearModel.SIZE, images, labels, numbers);
        }
    }
}
