package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.model.Pass;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The gradient of -log softmax(g(P(x))) with respect to the image, neighbours fixed, in double precision. */
class RacnnGradientTest {
    private static final int IMAGES = 2;
    private static final int K = 4;

    @Test
    void gradient_of_the_whole_chain_agrees_with_finite_differences() {
        Network phi = Network.random(
                List.of(
                        new Layer.Convolution("c1", 3, 5, 3, 2, false),
                        new Layer.BatchNormalisation("b1", 5),
                        new Layer.Relu(),
                        new Layer.Convolution("c2", 5, 6, 3, 1, true),
                        new Layer.Flatten()),
                1,
                ScalarType.Double);
        Network g = Network.random(List.of(new Layer.FullyConnected("f", 6, 3, true)), 2, ScalarType.Double);
        Network u = Network.random(List.of(new Layer.FullyConnected("u", 6, 6, false)), 3, ScalarType.Double);
        SplittableRandom random = new SplittableRandom(4);
        try (var _ = Scope.open();
                phi;
                g;
                var projection = ConvexHullProjection.of(Attention.DOT, u)) {
            Tensor hull =
                    Tensors.of(random.doubles((long) IMAGES * K * 6, -3, 3).toArray(), IMAGES, K, 6);
            double[] start = random.doubles((long) IMAGES * 3 * 7 * 7).toArray();
            Tensor images = Tensors.of(start, IMAGES, 3, 7, 7).set_requires_grad(true);
            loss(phi, g, projection, images, hull).backward();
            double[] gradient = Tensors.toDoubles(images.grad());
            double h = 1e-6;
            for (int i = 0; i < start.length; i++) {
                double[] values = new double[2];
                for (int side = 0; side < 2; side++) {
                    try (var _ = Scope.open();
                            var _ = new NoGradGuard()) {
                        double[] moved = start.clone();
                        moved[i] += side == 0 ? h : -h;
                        values[side] = loss(phi, g, projection, Tensors.of(moved, IMAGES, 3, 7, 7), hull)
                                .item_double();
                    }
                }
                assertThat(gradient[i]).as("pixel %d", i).isCloseTo((values[0] - values[1]) / (2 * h), within(1e-7));
            }
        }
    }

    private static Tensor loss(Network phi, Network g, ConvexHullProjection projection, Tensor images, Tensor hull) {
        Tensor query = phi.forward(images, Pass.EVALUATION);
        Tensor projected = ConvexHullProjection.convexSum(projection.weights(query, hull), hull);
        return torch.cross_entropy_loss(g.forward(projected, Pass.EVALUATION), Tensors.of(new int[] {0, 2}));
    }
}
