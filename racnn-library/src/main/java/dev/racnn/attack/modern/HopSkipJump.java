package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * HopSkipJump (Chen et al., 2020), which needs decisions only: a point on the decision boundary, an estimate of the
 * boundary's normal from random probes around it, a step along it, and a binary search back to the boundary (Foolbox 3.3.4,
 * geometric step search).
 *
 * <p>Probes and estimates are normalised for each example, not over the whole batch. Examples without an adversarial start
 * fail; the others go on without them.
 *
 * @param norm L2 or LINF
 * @param settings the rest
 * @param start where it begins, with whatever of it is adversarial
 */
public record HopSkipJump(Norm norm, Settings settings, Start start) implements Attack {
    /** Radius of the probes in the first step. */
    private static final double FIRST_RADIUS = 0.1;

    /** After so many halvings a step no longer moves a float32 pixel. */
    private static final int MAX_HALVINGS = 40;

    private static final int MAX_BISECTIONS = 40;

    public HopSkipJump {
        norm.requireOneOf("hopskipjump", Norm.L2, Norm.LINF);
    }

    /** Begins at noise. */
    public HopSkipJump(Norm norm, Settings settings) {
        this(norm, settings, Blend.NOISE);
    }

    /**
     * Settings.
     *
     * @param steps how many, at least 1
     * @param firstProbes probes of the first step, at least 1; the number grows like the square root of the step
     * @param maxProbes limit of this growth, at least 1
     */
    public record Settings(int steps, int firstProbes, int maxProbes) {
        /** 64 steps, 100 to 10,000 probes. */
        public static final Settings MODERN = new Settings(64, 100, 10_000);

        public Settings {
            if (steps < 1 || firstProbes < 1 || maxProbes < 1) {
                throw new IllegalArgumentException(
                        "steps, firstProbes and maxProbes of hopskipjump must be at least 1, but are %s, %s and %s"
                                .formatted(steps, firstProbes, maxProbes));
            }
        }

        /** The same with another number of steps. */
        public Settings withSteps(int count) {
            return new Settings(count, firstProbes, maxProbes);
        }
    }

    @Override
    public String name() {
        return "hopskipjump";
    }

    @Override
    public Distance distance() {
        return norm.distance();
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        Blend.Begun begun = Blend.starts(start, batch, model);
        float[][] points = begun.points();
        int[] open = begun.rows();
        bisect(batch, model, points, open);
        for (int step = 0; step < settings.steps() && open.length > 0; step++) {
            int probes = (int) Math.min(settings.firstProbes() * Math.sqrt(step + 1), settings.maxProbes());
            double[][] directions = directions(batch, model, points, step, probes, open);
            jump(batch, model, points, directions, step, open);
            bisect(batch, model, points, open);
            batch.progress(step + 1, settings.steps());
        }
    }

    private double distance(AttackBatch batch, float[][] points, int row) {
        return distance().between(batch.original(row), points[row], batch.bounds());
    }

    /** Estimates the normals of the boundary at the points; in LINF their signs. */
    private double[][] directions(
            AttackBatch batch, ScoredModel model, float[][] points, int step, int probes, int... open) {
        ProbeSum[] sums = IntStream.of(open)
                .mapToObj(row -> new ProbeSum(
                        points[row],
                        step == 0
                                ? FIRST_RADIUS * batch.bounds().range()
                                : distance(batch, points, row) / points[row].length,
                        batch.bounds()))
                .toArray(ProbeSum[]::new);
        int pixels = batch.imageSize().bytes();
        return Probes.normals(
                batch,
                model,
                sums,
                probes,
                random -> DoubleStream.generate(norm == Norm.L2 ? random::nextGaussian : () -> random.nextDouble(-1, 1))
                        .limit(pixels)
                        .toArray(),
                norm == Norm.LINF,
                open);
    }

    /** Steps along the directions, halved until the point is adversarial. */
    private void jump(
            AttackBatch batch, ScoredModel model, float[][] points, double[][] directions, int step, int... open) {
        double[] lengths = IntStream.of(open)
                .mapToDouble(row -> distance(batch, points, row) / Math.sqrt(step + 1.0))
                .toArray();
        int[] jumping = IntStream.range(0, open.length).toArray();
        for (int halving = 0; halving < MAX_HALVINGS && jumping.length > 0; halving++) {
            float[][] proposals = IntStream.of(jumping)
                    .mapToObj(i -> Segment.along(batch.bounds(), points[open[i]], directions[i], lengths[i]))
                    .toArray(float[][]::new);
            boolean[] adversarial = Probes.adversarial(
                    batch,
                    model,
                    proposals,
                    IntStream.of(jumping).map(i -> open[i]).toArray());
            int[] tried = jumping;
            for (int i = 0; i < tried.length; i++) {
                if (adversarial[i]) {
                    points[open[tried[i]]] = proposals[i];
                } else {
                    lengths[tried[i]] /= 2;
                }
            }
            jumping = IntStream.range(0, tried.length)
                    .filter(i -> !adversarial[i])
                    .map(i -> tried[i])
                    .toArray();
        }
    }

    /** Brings adversarial points as near to the images as they stay adversarial, by halving intervals. */
    private void bisect(AttackBatch batch, ScoredModel model, float[][] points, int... open) {
        float[][] outer = points.clone();
        double[] low = new double[batch.size()];
        double[] high = new double[batch.size()];
        double[] accuracy = new double[batch.size()];
        for (int row : open) {
            double dimensions = points[row].length;
            high[row] = norm == Norm.L2 ? 1 : distance(batch, points, row);
            accuracy[row] = high[row] / (dimensions * (norm == Norm.L2 ? Math.sqrt(dimensions) : dimensions));
        }
        int[] searching = open;
        for (int i = 0; i < MAX_BISECTIONS && searching.length > 0; i++) {
            float[][] middle = IntStream.of(searching)
                    .mapToObj(row -> nearer(batch.original(row), outer[row], (low[row] + high[row]) / 2))
                    .toArray(float[][]::new);
            boolean[] adversarial = Probes.adversarial(batch, model, middle, searching);
            for (int j = 0; j < searching.length; j++) {
                int row = searching[j];
                if (adversarial[j]) {
                    high[row] = (low[row] + high[row]) / 2;
                    points[row] = middle[j];
                } else {
                    low[row] = (low[row] + high[row]) / 2;
                }
            }
            searching = Arrays.stream(searching)
                    .filter(row -> high[row] - low[row] > accuracy[row])
                    .toArray();
        }
    }

    /** In L2 the point at a share of the way, in LINF the perturbation limited to an amount. */
    private float[] nearer(float[] original, float[] outer, double amount) {
        if (norm == Norm.L2) {
            return Segment.point(original, outer, amount);
        }
        float[] point = new float[original.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = (float) (original[i] + Math.clamp((double) outer[i] - original[i], -amount, amount));
        }
        return point;
    }
}
