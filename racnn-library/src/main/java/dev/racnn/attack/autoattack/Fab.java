package dev.racnn.attack.autoattack;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.HyperplaneProjection;
import dev.racnn.attack.LinearBoundaries;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Step;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Scope;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The fast adaptive boundary attack (Croce and Hein, 2020b), which looks for near adversarial points: it steps onto the
 * linearised decision boundary, mixes in the projection of the image itself, and takes a step back towards the image
 * whenever the boundary has been crossed.
 *
 * @param targeted whether to go to one likely wrong class after the other, instead of to the nearest boundary of all
 * @param budget unless {@code minimal}, an example is finished once a point within
 *     the ball is adversarial
 * @param minimal whether to look for the nearest point instead
 * @param settings the rest
 * @param start where each run begins
 */
public record Fab(boolean targeted, ThreatModel budget, boolean minimal, Settings settings, Start start)
        implements Attack {
    /** Keeps the mixing ratio of two moves of length zero defined. */
    private static final double TINY = 1e-8;

    /** Keeps divisions by the length of a zero gradient finite. */
    private static final double SMALL = 1e-12;

    public Fab {
        budget.norm().requireOneOf("fab", Norm.L1, Norm.L2, Norm.LINF);
    }

    /** Begins at the image, restarts at random points within half of the ball's radius. */
    public Fab(boolean targeted, ThreatModel budget, boolean minimal, Settings settings) {
        this(targeted, budget, minimal, settings, nearby(budget));
    }

    private static Start nearby(ThreatModel budget) {
        return Start.of(
                "the image, then random points of the inner ball",
                (batch, _, attempt, rows) -> attempt.number() == 0
                        ? batch.originals(rows)
                        : batch.tensor(IntStream.of(rows)
                                .mapToObj(row -> randomStart(budget, batch, row))
                                .toArray(float[][]::new)));
    }

    /**
     * Settings.
     *
     * @param iterations steps of each run, at least 1
     * @param restarts runs, for each target where there are targets, of which all but the first begin at random points, at
     *     least 1
     * @param bias largest weight of the image's own projection, in [0, 1]
     * @param overshoot factor of each step, at least 1
     * @param backward which part of the perturbation a step back leaves, in (0, 1)
     * @param targets how many wrong classes the targeted variant tries, the likeliest first, at least 1
     */
    public record Settings(int iterations, int restarts, double bias, double overshoot, double backward, int targets) {
        /** 100 iterations, 1 restart, bias 0.1, overshoot 1.05, backward 0.9, 9 targets. */
        public static final Settings STANDARD = new Settings(100, 1, 0.1, 1.05, 0.9, 9);

        public Settings {
            if (iterations < 1 || restarts < 1 || targets < 1) {
                throw new IllegalArgumentException(
                        "iterations, restarts and targets of fab must be at least 1, but are %s, %s and %s"
                                .formatted(iterations, restarts, targets));
            }
            if (!(bias >= 0 && bias <= 1) || !(overshoot >= 1) || !(backward > 0 && backward < 1)) {
                throw new IllegalArgumentException(
                        "fab needs bias within [0, 1], overshoot of at least 1 and backward within (0, 1), but they are %s, %s and %s"
                                .formatted(bias, overshoot, backward));
            }
        }

        /** The same with other restarts. */
        public Settings withRestarts(int count) {
            return new Settings(iterations, count, bias, overshoot, backward, targets);
        }
    }

    /**
     * The search for the nearest point, with the standard settings; restarts, if there were any, would begin within half of
     * 5 in L1, of 1 in L2, of 0.3 in LINF.
     */
    public static Fab nearest(boolean targeted, Norm norm) {
        double radius = switch (norm) {
            case L0, L1 -> 5;
            case L2 -> 1;
            case LINF -> 0.3;
        };
        return new Fab(targeted, new ThreatModel(norm, radius), true, Settings.STANDARD);
    }

    /** What the search needs to know of its examples. */
    private record Search(AttackBatch batch, ScoredModel model, HyperplaneProjection projection) {}

    /** Linearised decision boundaries: gaps of logits (positive beyond the boundary) and their gradients. */
    private record Boundaries(double[] gaps, float[][] normals) {}

    @Override
    public String name() {
        return targeted ? "fab-t" : "fab";
    }

    @Override
    public Distance distance() {
        return budget.norm().distance();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Search search = new Search(batch, model, new HyperplaneProjection(budget.norm(), batch.bounds()));
        // Without targets the nearest boundary is picked anew at each point, among all wrong classes.
        Rivals rivals = Rivals.of(batch, model, targeted ? settings.targets() : batch.classes() - 1);
        int rounds = targeted ? rivals.count() : 1;
        for (int round = 0; round < rounds; round++) {
            List<IntUnaryOperator> aims = targeted
                    ? List.of(rivals.ofRank(round))
                    : IntStream.range(0, rivals.count())
                            .mapToObj(rivals::ofRank)
                            .toList();
            for (int restart = 0; restart < settings.restarts(); restart++) {
                int[] open = open(search, batch.rows());
                float[][] points = new float[batch.size()][];
                Start.Attempt attempt = new Start.Attempt(restart, targeted ? rivals.ofRank(round) : batch::aim);
                if (open.length == 0 || !begin(search, attempt, points, open)) {
                    break;
                }
                int run = round * settings.restarts() + restart;
                for (int i = 0; i < settings.iterations() && open.length > 0; i++) {
                    model.at(new Step(run, rounds * settings.restarts(), i, settings.iterations()));
                    step(search, aims, points, open);
                    open = open(search, open);
                }
            }
        }
    }

    /** Fills in where the open rows begin; false if there is nowhere to begin any more. */
    private boolean begin(Search search, Start.Attempt attempt, float[][] points, int... open) {
        try (var _ = Scope.open()) {
            Tensor starts = start.points(search.batch(), search.model(), attempt, open);
            if (starts == null) {
                return false;
            }
            float[][] pixels = search.batch().pixels(starts);
            for (int i = 0; i < open.length; i++) {
                points[open[i]] = pixels[i];
            }
            return true;
        }
    }

    private int[] open(Search search, int... rows) {
        return minimal
                ? rows
                : IntStream.of(rows)
                        .filter(row -> !budget.allows(search.model().bestDistance(row)))
                        .toArray();
    }

    private static float[] randomStart(ThreatModel budget, AttackBatch batch, int row) {
        float[] original = batch.original(row);
        RandomGenerator random = batch.random(row);
        double[] direction = new double[original.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = budget.norm() == Norm.LINF ? 2 * random.nextDouble() - 1 : random.nextGaussian();
        }
        double scale = budget.epsilon() / 2 / length(budget.norm(), direction);
        float[] start = new float[original.length];
        for (int i = 0; i < start.length; i++) {
            start[i] = batch.bounds().clip(original[i] + scale * direction[i]);
        }
        return start;
    }

    /** Moves the points of the open rows, in place. */
    private void step(Search search, List<IntUnaryOperator> aims, float[][] points, int... open) {
        try (var _ = Scope.open()) {
            AttackBatch batch = search.batch();
            float[][] at = IntStream.of(open).mapToObj(row -> points[row]).toArray(float[][]::new);
            Boundaries nearest = nearest(search, aims, batch.tensor(at), open);
            for (int i = 0; i < open.length; i++) {
                points[open[i]] = moved(search, open[i], at[i], nearest.normals()[i], nearest.gaps()[i]);
            }
            float[][] next = IntStream.of(open).mapToObj(row -> points[row]).toArray(float[][]::new);
            boolean[] crossed = search.model().decide(batch.tensor(next), open).adversarial();
            for (int i = 0; i < open.length; i++) {
                if (crossed[i]) {
                    stepBack(points[open[i]], batch.original(open[i]));
                }
            }
        }
    }

    /** The nearest boundary of each point in the linear approximation. */
    private Boundaries nearest(Search search, List<IntUnaryOperator> aims, Tensor points, int... rows) {
        AttackBatch batch = search.batch();
        ScoredModel model = search.model();
        List<LogitsLoss> leads =
                aims.stream().map(aim -> Losses.lead(batch, aim)).toList();
        LinearBoundaries byPath = LinearBoundaries.around(model, points, rows, leads, budget.norm());
        // On which side of its boundary a point lies is for the attacked classifier to say: at that of a surrogate the
        // search
        // would stand still.
        LinearBoundaries boundaries = model.hasOwnGradients() ? byPath : byPath.judgedBy(model.logits(points, rows));
        int[] chosen = IntStream.range(0, rows.length)
                .map(i -> boundaries.nearest(i, rival -> Math.abs(boundaries.gap(i, rival)), SMALL))
                .toArray();
        double[] gaps = IntStream.of(chosen).mapToDouble(boundaries::gap).toArray();
        return new Boundaries(gaps, search.batch().pixels(boundaries.normals(chosen)));
    }

    /** The next point: between the projections of the point and of the image, a little beyond both. */
    private float[] moved(Search search, int row, float[] point, float[] normal, double gap) {
        float[] original = search.batch().original(row);
        double gapOfOriginal = gap;
        for (int i = 0; i < point.length; i++) {
            gapOfOriginal += (double) normal[i] * ((double) original[i] - point[i]);
        }
        double[] move = search.projection().move(point, normal, gap);
        double[] moveOfOriginal = search.projection().move(original, normal, gapOfOriginal);
        double length = Math.max(length(budget.norm(), move), TINY);
        double ofOriginal = Math.max(length(budget.norm(), moveOfOriginal), TINY);
        double weight = Math.min(length / (length + ofOriginal), settings.bias());
        float[] next = new float[point.length];
        for (int i = 0; i < next.length; i++) {
            double own = point[i] + settings.overshoot() * move[i];
            double biased = original[i] + settings.overshoot() * moveOfOriginal[i];
            next[i] = search.batch().bounds().clip(own * (1 - weight) + biased * weight);
        }
        return next;
    }

    private static double length(Norm norm, double[] move) {
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (double value : move) {
            sum += Math.abs(value);
            squares += value * value;
            largest = Math.max(largest, Math.abs(value));
        }
        return switch (norm) {
            case L0, L1 -> sum;
            case L2 -> Math.sqrt(squares);
            case LINF -> largest;
        };
    }

    private void stepBack(float[] point, float[] original) {
        for (int i = 0; i < point.length; i++) {
            point[i] = (float) (original[i] + (point[i] - original[i]) * settings.backward());
        }
    }
}
