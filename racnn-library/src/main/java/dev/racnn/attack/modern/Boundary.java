package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The boundary attack (Brendel et al., 2018), which needs decisions only: from an adversarial start, random steps around the
 * image, each followed by one towards it; what stays adversarial and is nearer is kept (Foolbox 3.3.4).
 *
 * <p>Examples without an adversarial start fail; the others go on without them, and leave when their steps have become
 * negligible.
 *
 * @param settings lengths and numbers
 * @param start where it begins, with whatever of it is adversarial
 */
public record Boundary(Settings settings, Start start) implements Attack {
    /** Begins at noise. */
    public Boundary(Settings settings) {
        this(settings, Blend.NOISE);
    }

    /**
     * Settings.
     *
     * @param steps how many at most, at least 1
     * @param sphericalStep first length of a step around the image, relative to the distance, positive
     * @param sourceStep first length of a step towards the image, relative to the distance, positive
     * @param convergence an example is finished once its source step is below, not negative
     * @param adaptation factor by which steps change, above 1
     * @param interval after how many steps the rates of success are looked at, at least 1
     */
    public record Settings(
            int steps, double sphericalStep, double sourceStep, double convergence, double adaptation, int interval) {
        /** 25,000 steps of 0.01 and 0.01, convergence at 1e-7, adaptation by 1.5 every 10 steps. */
        public static final Settings MODERN = new Settings(25_000, 1e-2, 1e-2, 1e-7, 1.5, 10);

        public Settings {
            if (steps < 1 || interval < 1) {
                throw new IllegalArgumentException(
                        "steps and interval of boundary must be at least 1, but are " + steps + " and " + interval);
            }
            if (!(sphericalStep > 0) || !(sourceStep > 0) || !(convergence >= 0) || !(adaptation > 1)) {
                throw new IllegalArgumentException(
                        "boundary needs positive steps, convergence of at least 0 and adaptation above 1, but they are %s, %s, %s and %s"
                                .formatted(sphericalStep, sourceStep, convergence, adaptation));
            }
        }

        /** The same with another number of steps. */
        public Settings withSteps(int count) {
            return new Settings(count, sphericalStep, sourceStep, convergence, adaptation, interval);
        }
    }

    @Override
    public String name() {
        return "boundary";
    }

    @Override
    public Distance distance() {
        return Distance.L2;
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Blend.Begun begun = Blend.starts(start, batch, model);
        BoundaryWalk[] walks = new BoundaryWalk[batch.size()];
        for (int row : begun.rows()) {
            walks[row] = new BoundaryWalk(batch.original(row), begun.points()[row], batch.bounds(), settings);
        }
        for (int step = 1; step <= settings.steps(); step++) {
            int[] open = IntStream.of(begun.rows())
                    .filter(row -> walks[row].sourceStep() >= settings.convergence())
                    .toArray();
            if (open.length == 0) {
                return;
            }
            BoundaryWalk[] walking =
                    IntStream.of(open).mapToObj(row -> walks[row]).toArray(BoundaryWalk[]::new);
            step(batch, model, walking, step % settings.interval() == 0, open);
            batch.progress(step, settings.steps());
        }
    }

    private static void step(
            AttackBatch batch, ScoredModel model, BoundaryWalk[] walks, boolean learning, int... rows) {
        int count = rows.length;
        BoundaryWalk.Proposal[] proposals = IntStream.range(0, count)
                .mapToObj(i -> walks[i].propose(batch.random(rows[i])))
                .toArray(BoundaryWalk.Proposal[]::new);
        float[][] points = new float[learning ? 2 * count : count][];
        int[] owners = Arrays.copyOf(rows, points.length);
        for (int i = 0; i < count; i++) {
            points[i] = proposals[i].nearer();
            if (learning) {
                points[count + i] = proposals[i].onSphere();
                owners[count + i] = rows[i];
            }
        }
        try (var _ = Scope.open()) {
            boolean[] adversarial = model.decide(batch.tensor(points), owners).adversarial();
            for (int i = 0; i < count; i++) {
                if (adversarial[i]) {
                    walks[i].accept(points[i]);
                }
                if (learning) {
                    walks[i].learn(adversarial[count + i], adversarial[i]);
                }
            }
        }
    }
}
