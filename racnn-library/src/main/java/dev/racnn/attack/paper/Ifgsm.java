package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The iterative fast gradient sign method (Kurakin et al., 2017) as Foolbox 2d468cb6 runs it: for each of many step sizes a
 * few steps along the sign of a fresh gradient, clipped to the bounds. Every point counts and the nearest adversarial one
 * wins; there is no ball to stay in and no random start. What cannot be the nearest any more is left out, see {@link SignWalks}.
 */
public record Ifgsm(Settings settings) implements Attack {
    /** Points that share a forward and backward pass: several step sizes of all examples. */
    private static final int POINTS = 256;

    /**
     * Settings.
     *
     * @param epsilons how many step sizes, evenly spaced up to the width of the bounds divided by {@code steps}, at least 1
     * @param steps how many steps of each size, at least 1
     */
    public record Settings(int epsilons, int steps) {
        /** 100 step sizes up to a tenth of the bounds, 10 steps of each. */
        public static final Settings PAPER = new Settings(100, 10);

        public Settings {
            if (epsilons < 1 || steps < 1) {
                throw new IllegalArgumentException(
                        "epsilons and steps of ifgsm must be at least 1, but are " + epsilons + " and " + steps);
            }
        }
    }

    @Override
    public String name() {
        return "ifgsm";
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int[] all = batch.rows();
        try (var _ = Scope.open()) {
            // All walks leave the image along the same sign, whatever their step size.
            Climb climb = new Climb(Objectives.CROSS_ENTROPY, batch, model);
            Tensor departure =
                    climb.gradient(batch.originals(all), all).gradient().sign();
            int count = Math.ceilDiv(POINTS, all.length);
            for (int done = 0; done < settings.epsilons(); done += count) {
                walk(batch, model, climb, departure, done, Math.min(count, settings.epsilons() - done));
                batch.progress(Math.min(done + count, settings.epsilons()), settings.epsilons());
            }
        }
    }

    /** The walks of all examples with the next {@code count} step sizes. */
    private void walk(AttackBatch batch, ScoredModel model, Climb climb, Tensor departure, int done, int count) {
        int[] rows =
                IntStream.range(0, batch.size() * count).map(i -> i / count).toArray();
        float[] sizes = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double share = (done + i % count + 1) / (double) settings.epsilons() / settings.steps();
            sizes[i] = (float) (share * batch.bounds().range());
        }
        try (var _ = Scope.open()) {
            SignWalks walks =
                    new SignWalks(batch, model, climb, rows, sizes, departure.index_select(0, Tensors.of(rows)));
            for (int step = 1; step <= settings.steps() && !walks.isEmpty(); step++) {
                walks.step(settings.steps() - step);
            }
        }
    }
}
