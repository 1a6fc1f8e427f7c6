package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.paper.Ifgsm;
import dev.racnn.data.Batch;
import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.model.NetworkClassifier;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** A step's tensors go when the step is over: further thousands of steps leave the process as large as it was. */
class NativeMemoryTest {
    private static final long TOLERANCE = 100L << 20;

    @Test
    void training_steps_do_not_grow_the_process() {
        try (ClassificationObjective objective = objective();
                Adam adam = new Adam(objective.groups(), 0)) {
            train(objective, adam, 3000);
            long before = nativeBytes();
            train(objective, adam, 3000);
            // The images of 3,000 batches alone would be 1.2 GB.
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    @Test
    void attack_steps_do_not_grow_the_process() throws IOException {
        try (ClassificationObjective objective = objective()) {
            List<Network> networks = List.copyOf(objective.networks().values());
            AttackRunner runner =
                    new AttackRunner(new NetworkClassifier(networks.get(0), networks.get(1), 3, Precision.FP32));
            SyntheticImages data = new SyntheticImages(32, 1);
            Examples examples = Examples.of(data, 0, 32, runner.target().bounds());
            runner.run(new Ifgsm(new Ifgsm.Settings(150, 20)), examples);
            long before = nativeBytes();
            runner.run(new Ifgsm(new Ifgsm.Settings(150, 20)), examples);
            assertThat(nativeBytes() - before).isLessThan(TOLERANCE);
        }
    }

    /** Memory of the process outside the Java heap, which grows with garbage until it is collected. */
    private static long nativeBytes() {
        return Pointer.physicalBytes() - Runtime.getRuntime().totalMemory();
    }

    private static ClassificationObjective objective() {
        Network extractor = Network.random(
                List.of(new Layer.Flatten(), new Layer.FullyConnected("f", 3072, 16, true), new Layer.Relu()), 1);
        Network head = Network.random(List.of(new Layer.FullyConnected("f", 16, 3, true)), 2);
        return new ClassificationObjective("a", extractor, "b", head, 3, Precision.FP32, 0, 1);
    }

    private static void train(Objective objective, Adam adam, int steps) {
        SyntheticImages data = new SyntheticImages(32, 1);
        for (int step = 0; step < steps; step++) {
            try (var _ = Scope.open()) {
                objective.step(Batch.range(data, 0, 32), 0, step, loss -> {
                    adam.clearGradients();
                    loss.backward();
                    adam.step(1e-3);
                    return loss.item_double();
                });
            }
        }
    }
}
