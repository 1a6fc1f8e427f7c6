package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import java.util.stream.IntStream;

/**
 * GeoDA (Rahmati et al., 2020), which needs decisions only and takes the boundary for flat around a point: it estimates the normal there from probes of low
 * frequency, goes from the image along this normal until the boundary is crossed, and comes back to it by halving. Each round has more probes
 * than the one before.
 *
 * @param norm L2, or LINF, where it goes along the signs of the normal
 * @param settings the rest
 * @param start where it begins, with whatever of it is adversarial
 */
public record GeoDa(Norm norm, Settings settings, Start start) implements Attack {
    /** After so many doublings a way that is not adversarial by then is given up. */
    private static final int MAX_DOUBLINGS = 12;

    private static final int HALVINGS = 16;

    public GeoDa {
        norm.requireOneOf("geoda", Norm.L2, Norm.LINF);
    }

    /** Begins at noise. */
    public GeoDa(Norm norm, Settings settings) {
        this(norm, settings, Blend.NOISE);
    }

    /**
     * Settings.
     *
     * @param rounds estimates of the normal, at least 1
     * @param probes of all rounds together, at least 1
     * @param growth how many times the probes of a round are in the next one, at least 1
     * @param radius how far a probe is from the point, in Euclidean distance over the range of the pixels, positive
     * @param frequencies below which probes lie, at least 1
     */
    public record Settings(int rounds, int probes, double growth, double radius, int frequencies) {
        /** 10 rounds, 4,000 probes, growing by two thirds, 0.1 away, 16 frequencies. */
        public static final Settings MODERN = new Settings(10, 4000, 1 / 0.6, 0.1, 16);

        public Settings {
            if (rounds < 1 || probes < 1 || frequencies < 1 || !(growth >= 1) || !(radius > 0)) {
                throw new IllegalArgumentException(
                        "rounds, probes, frequencies and growth of geoda must be at least 1 and radius positive, but they are %s, %s, %s, %s and %s"
                                .formatted(rounds, probes, frequencies, growth, radius));
            }
        }

        /** How many probes a round has. */
        int probes(int round) {
            double all = 0;
            for (int i = 0; i < rounds; i++) {
                all += Math.pow(growth, i);
            }
            return (int) Math.max(1, Math.round(probes * Math.pow(growth, round) / all));
        }
    }

    @Override
    public String name() {
        return "geoda";
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
        halve(batch, model, points, open);
        Cosines cosines = new Cosines(batch.imageSize());
        for (int round = 0; round < settings.rounds() && open.length > 0; round++) {
            double[][] normals = normals(batch, model, cosines, points, settings.probes(round), open);
            go(batch, model, points, normals, open);
            halve(batch, model, points, open);
            batch.progress(round + 1L, settings.rounds());
        }
    }

    /** Estimates of the normals at the points; in LINF their signs. */
    private double[][] normals(
            AttackBatch batch, ScoredModel model, Cosines cosines, float[][] points, int probes, int... open) {
        double radius = settings.radius() * batch.bounds().range();
        ProbeSum[] sums = IntStream.of(open)
                .mapToObj(row -> new ProbeSum(points[row], radius, batch.bounds()))
                .toArray(ProbeSum[]::new);
        return Probes.normals(
                batch,
                model,
                sums,
                probes,
                random -> cosines.mixture(settings.frequencies(), random),
                norm == Norm.LINF,
                open);
    }

    /** From the images along the normals, twice as far each time, until a point is adversarial; others stay where they are. */
    private void go(AttackBatch batch, ScoredModel model, float[][] points, double[][] normals, int... open) {
        int[] going = IntStream.range(0, open.length).toArray();
        double[] lengths = IntStream.of(open)
                .mapToDouble(row -> distance().between(batch.original(row), points[row], batch.bounds()) / 2)
                .toArray();
        for (int doubling = 0; doubling < MAX_DOUBLINGS && going.length > 0; doubling++) {
            float[][] tried = IntStream.of(going)
                    .mapToObj(i -> Segment.along(batch.bounds(), batch.original(open[i]), normals[i], lengths[i]))
                    .toArray(float[][]::new);
            int[] rows = IntStream.of(going).map(i -> open[i]).toArray();
            boolean[] adversarial = Probes.adversarial(batch, model, tried, rows);
            int[] before = going;
            for (int i = 0; i < before.length; i++) {
                lengths[before[i]] *= 2;
                if (adversarial[i]) {
                    points[rows[i]] = tried[i];
                }
            }
            going = IntStream.range(0, before.length)
                    .filter(i -> !adversarial[i])
                    .map(i -> before[i])
                    .toArray();
        }
    }

    /** Brings adversarial points towards the images as far as they stay so, by halving the lines between them. */
    private static void halve(AttackBatch batch, ScoredModel model, float[][] points, int... open) {
        float[][] inner = IntStream.of(open).mapToObj(batch::original).toArray(float[][]::new);
        for (int halving = 0; halving < HALVINGS && open.length > 0; halving++) {
            float[][] middle = new float[open.length][];
            for (int i = 0; i < open.length; i++) {
                middle[i] = Segment.point(inner[i], points[open[i]], 0.5);
            }
            boolean[] adversarial = Probes.adversarial(batch, model, middle, open);
            for (int i = 0; i < open.length; i++) {
                if (adversarial[i]) {
                    points[open[i]] = middle[i];
                } else {
                    inner[i] = middle[i];
                }
            }
        }
    }
}
