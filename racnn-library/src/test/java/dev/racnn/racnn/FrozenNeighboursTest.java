package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.model.Vicinity;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrozenNeighboursTest {
    /** Points, and which of two images each belongs to. */
    private static final int[] ROWS = {1, 0, 0, 1};

    private static final int K = 3;
    private static final int IMAGE = 3 * 32 * 32;
    private static final double STEP = 0.2;

    private Bundle bundle;
    private CandidateSnapshot candidates;
    private WhiteBox box;
    private RetrievalAugmentedClassifier frozen;

    /** A dark image and a light one. */
    private final Dataset images = TinyBundle.images(2, 5);

    @BeforeAll
    void train(@TempDir Path folder) throws IOException {
        TinyBundle.make(folder);
        bundle = Bundle.open(folder, Precision.FP32);
        candidates = bundle.candidates(new Exact(), 1);
        box = bundle.whiteBox(candidates, K);
        frozen = box.classifier().withFrozenNeighbours();
    }

    @AfterAll
    void close() throws IOException {
        candidates.close();
        bundle.close();
    }

    private Tensor clean() {
        return Batch.range(images, 0, 2).images();
    }

    /** As far from their images as the others are. */
    private Tensor points() {
        return Batch.range(TinyBundle.images(4, 6), 0, 4).images();
    }

    /** g(P(x)) with the neighbours of the images, step by step from what the model shows. */
    private float[] byHand(Tensor points) {
        long[] kept = box.classifier().retrieve(clean()).ids();
        long[] ids = new long[ROWS.length * K];
        for (int i = 0; i < ROWS.length; i++) {
            System.arraycopy(kept, ROWS[i] * K, ids, i * K, K);
        }
        Tensor hulls = box.candidateFeatures(ids).view(ROWS.length, K, -1);
        Tensor weights = torch.softmax(box.scores(box.features(points), hulls), 1);
        return Tensors.toFloats(
                box.logits(torch.bmm(weights.unsqueeze(1), hulls).squeeze(1)));
    }

    @Test
    void a_point_has_the_neighbours_of_its_image_however_far_it_is() {
        try (var _ = Scope.open()) {
            float[] answers = Tensors.toFloats(frozen.around(clean()).logits(points(), ROWS));

            assertThat(answers).containsExactly(byHand(points()), within(1e-5f));
            assertThat(answers).isNotEqualTo(Tensors.toFloats(frozen.logits(points())));
            assertThat(box.classifier().retrieve(points()).ids())
                    .isNotEqualTo(box.classifier().retrieve(clean()).of(ROWS).ids());
        }
    }

    @Test
    void an_image_itself_is_answered_as_ever() {
        try (var _ = Scope.open()) {
            assertThat(Tensors.toFloats(frozen.around(clean()).logits(clean(), 0, 1)))
                    .isEqualTo(Tensors.toFloats(box.classifier().logits(clean())));
        }
    }

    @Test
    void without_freezing_every_point_has_neighbours_of_its_own() {
        try (var _ = Scope.open()) {
            assertThat(Tensors.toFloats(box.classifier().around(clean()).logits(points(), ROWS)))
                    .isEqualTo(Tensors.toFloats(box.classifier().logits(points())));
        }
    }

    @Test
    void another_k_and_other_weights_stay_frozen() {
        try (var _ = Scope.open()) {
            RetrievalAugmentedClassifier other = frozen.withNeighbours(2).with(HullWeights.Kind.UNIFORM);
            // Equal weights of kept neighbours say the same of every point.
            float[] answers = Tensors.toFloats(other.around(clean()).logits(points(), 0, 0, 0, 0));
            float[] clean = Tensors.toFloats(other.logits(clean()));
            for (int i = 0; i < answers.length; i++) {
                assertThat(answers[i]).isCloseTo(clean[i % 2], within(1e-6f));
            }
        }
    }

    @Test
    void gradients_agree_with_finite_differences_far_from_the_image_too() {
        try (var _ = Scope.open()) {
            Vicinity answers = frozen.around(clean());
            Tensor leaf = points().set_requires_grad(true);
            margin(answers.logits(leaf, ROWS)).sum().backward();
            float[] gradient = Tensors.toFloats(leaf.grad());
            float[] start = Tensors.toFloats(points());
            SplittableRandom random = new SplittableRandom(7);
            for (int trial = 0; trial < 3; trial++) {
                // Of length 1, and not across the gradient: rounding would be all that is seen.
                float[] direction = gradient.clone();
                for (int i = 0; trial > 0 && i < direction.length; i++) {
                    direction[i] *= random.nextInt(-1, 3);
                }
                Tensor directions = Tensors.of(direction, ROWS.length, 3, 32, 32);
                float[] unit = Tensors.toFloats(
                        directions.div(directions.norm(new ScalarOptional(new Scalar(2)), new long[] {1, 2, 3}, true)));
                double[] up = margins(answers, start, unit, STEP);
                double[] down = margins(answers, start, unit, -STEP);
                for (int row = 0; row < ROWS.length; row++) {
                    double slope = 0;
                    for (int i = row * IMAGE; i < (row + 1) * IMAGE; i++) {
                        slope += gradient[i] * unit[i];
                    }
                    assertThat((up[row] - down[row]) / (2 * STEP)).isCloseTo(slope, within(0.05 * Math.abs(slope)));
                }
            }
        }
    }

    private static double[] margins(Vicinity answers, float[] start, float[] direction, double step) {
        float[] moved = start.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return Tensors.toDoubles(margin(answers.logits(Tensors.of(moved, ROWS.length, 3, 32, 32), ROWS)));
    }

    private static Tensor margin(Tensor logits) {
        return logits.select(1, 0).sub(logits.select(1, 1));
    }
}
