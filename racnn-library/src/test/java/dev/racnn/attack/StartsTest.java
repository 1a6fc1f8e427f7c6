package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Bounds;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class StartsTest {
    private static final ThreatModel BUDGET = new ThreatModel(Norm.LINF, 0.2);

    /** Notes where a start leads. */
    private record Noting(Start start, List<float[]> points) implements Attack {
        @Override
        public String name() {
            return "noting";
        }

        @Override
        public Record settings() {
            return BUDGET;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            try (var _ = Scope.open()) {
                points.addAll(List.of(batch.pixels(start.first(batch, model, batch.rows()))));
            }
        }
    }

    private static List<float[]> points(Start start, Examples examples) throws IOException {
        List<float[]> points = new ArrayList<>();
        new AttackRunner(CurvedModel.classifier()).run(new Noting(start, points), examples);
        return points;
    }

    @Test
    void a_bisected_start_is_adversarial_and_half_a_step_nearer_is_not() throws IOException {
        Examples examples = CurvedModel.examples(4).at(0, 1, 2);
        Examples all = CurvedModel.examples(30);
        Map<Integer, List<float[]>> others = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            for (float[] image : all.images()) {
                if (prediction(image) != examples.labels()[i]) {
                    others.put(i, List.of(image));
                }
            }
        }
        assertThat(others).hasSize(3);
        Start outer = Starts.at("others", others);
        List<float[]> far = points(outer, examples);
        List<float[]> near = points(Starts.bisected(outer, 12), examples);
        for (int i = 0; i < 3; i++) {
            assertThat(distance(examples.images()[i], near.get(i)))
                    .isLessThan(distance(examples.images()[i], far.get(i)));
            assertThat(prediction(near.get(i))).isNotEqualTo(examples.labels()[i]);
            float[] inside = near.get(i).clone();
            for (int j = 0; j < inside.length; j++) {
                inside[j] += 0.002f * (examples.images()[i][j] - inside[j]);
            }
            assertThat(prediction(inside)).isEqualTo(examples.labels()[i]);
        }
    }

    private static double distance(float[] one, float[] other) {
        return Distance.L2.between(one, other, Bounds.UNIT);
    }

    private static int prediction(float[] image) {
        return CurvedModel.predictions(
                new Examples(CurvedModel.examples(1).size(), new float[][] {image}, new int[1], new int[1]))[0];
    }

    @Test
    void a_climbed_start_has_gained_on_the_image_and_stays_in_the_ball() throws IOException {
        Examples examples = CurvedModel.examples(4).at(0, 1, 2);
        List<float[]> points = points(Starts.climbed(Starts.IMAGE, Objectives.MARGIN, BUDGET, 5), examples);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < points.get(i).length; j++) {
                assertThat(points.get(i)[j]).isCloseTo(examples.images()[i][j], within(0.2001f));
            }
            assertThat(margin(points.get(i), examples.labels()[i]))
                    .isGreaterThan(margin(examples.images()[i], examples.labels()[i]));
        }
        assertThat(Starts.climbed(Starts.IMAGE, Objectives.MARGIN, BUDGET, 5))
                .hasToString("5 steps up the margin from the image");
    }

    private static double margin(float[] image, int label) {
        Examples one =
                new Examples(CurvedModel.examples(1).size(), new float[][] {image}, new int[] {label}, new int[1]);
        try (var _ = Scope.open()) {
            Tensor logits = CurvedModel.classifier().logits(one.tensor()).select(0, 0);
            double own = logits.select(0, label).item_double();
            logits.select(0, label).fill_(new Scalar(Double.NEGATIVE_INFINITY));
            return logits.max().item_double() - own;
        }
    }
}
