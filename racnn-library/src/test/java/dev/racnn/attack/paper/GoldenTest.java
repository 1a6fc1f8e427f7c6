package dev.racnn.attack.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Golden;
import dev.racnn.attack.Outcome;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what Foolbox 2d468cb6 reached on the same model and images, whose number is a part of the display name. */
class GoldenTest {
    record Exact(Attack attack, int images) {}

    static Stream<Exact> deterministic() {
        return Stream.of(
                new Exact(new Fgsm(Fgsm.Settings.PAPER), 48),
                new Exact(new Ifgsm(Ifgsm.Settings.PAPER), 4),
                new Exact(new DeepFool(DeepFool.Settings.PAPER), 48));
    }

    @ParameterizedTest
    @MethodSource
    void deterministic(Exact exact) throws IOException {
        try (Classifier model = Golden.open()) {
            List<Outcome> outcomes = new AttackRunner(model)
                    .run(exact.attack(), Golden.examples(exact.images()))
                    .outcomes();
            double[] golden = Golden.distances(exact.attack().name(), exact.images());
            double[] errors = IntStream.range(0, golden.length)
                    .mapToDouble(i -> error(outcomes.get(i).msd(), golden[i]))
                    .toArray();
            long equal = Arrays.stream(errors).filter(error -> error <= 1e-3).count();
            assertThat(equal).isGreaterThanOrEqualTo((long) Math.ceil(0.95 * golden.length));
        }
    }

    /** Relative difference; 0 for two failed attacks, infinite where only one failed. */
    private static double error(double distance, double golden) {
        return distance == golden ? 0 : Math.abs(distance - golden) / golden;
    }
}
