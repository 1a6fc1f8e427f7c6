package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreeSpaceTest {
    private static final int PIXELS = 3000;

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 8 / 255.0, 0.5 / 255, 1e-5})
    void points_within_a_space_of_any_width_come_back_from_their_variables(double epsilon) {
        SplittableRandom random = new SplittableRandom(7);
        float[] low = new float[PIXELS];
        float[] high = new float[PIXELS];
        float[] points = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            double pixel = random.nextInt(256) / 255.0;
            low[i] = (float) Math.max(0, pixel - epsilon);
            high[i] = (float) Math.min(1, pixel + epsilon);
            // A third of the points is at either edge.
            points[i] = i % 3 == 0 ? low[i] : i % 3 == 1 ? high[i] : (float) random.nextDouble(low[i], high[i]);
        }

        try (var _ = Scope.open()) {
            FreeSpace space = new FreeSpace(Tensors.of(low, PIXELS), Tensors.of(high, PIXELS));
            Tensor variables = space.variables(Tensors.of(points, PIXELS));
            assertThat(Tensors.toFloats(variables)).doesNotContain(Float.NaN);
            float[] back = Tensors.toFloats(space.points(variables));
            for (int i = 0; i < PIXELS; i++) {
                assertThat((double) back[i]).isCloseTo(points[i], within(1e-6 + 1e-5 * epsilon));
            }
        }
    }
}
