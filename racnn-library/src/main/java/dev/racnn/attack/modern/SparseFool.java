package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Distance;
import dev.racnn.attack.HyperplaneProjection;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.Step;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * SparseFool (Modas et al., 2019, algorithm 2), which takes the boundary for flat: DeepFool in L2 finds a point of it and its normal there,
 * and as few values as possible, those with the largest weights first and each as far as the bounds allow, move the point onto this
 * plane; again until one is adversarial.
 *
 * @param norm L1, which it minimises, or L0, which that stands for: by which it says what is nearest
 * @param settings the rest
 * @param start where it begins
 */
public record SparseFool(Norm norm, Settings settings, Start start) implements Attack {
    /** How DeepFool goes. */
    private static final DeepFool.Settings DENSE = DeepFool.Settings.MODERN;

    /** How far beyond the plane the values move, in Euclidean distance. */
    private static final double PUSH = 1e-3;

    /** Keeps a division by the length of a zero normal finite. */
    private static final double TINY = 1e-12;

    public SparseFool {
        norm.requireOneOf("sparsefool", Norm.L1, Norm.L0);
    }

    /** Begins at the image. */
    public SparseFool(Norm norm, Settings settings) {
        this(norm, settings, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param rounds planes at most, at least 1
     * @param lambda how many times as far as DeepFool's point the plane is moved away, at least 1: more of it takes more values and fewer rounds
     * @param overshoot by which share the perturbation is enlarged, not negative
     * @param candidates how many classes DeepFool may go to or come from: those with the largest clean logits, at least 2
     */
    public record Settings(int rounds, double lambda, double overshoot, int candidates) {
        /** 20 rounds, lambda 3, 2 %, 10 classes. */
        public static final Settings MODERN = new Settings(20, 3, 0.02, 10);

        public Settings {
            if (rounds < 1 || !(lambda >= 1) || !(overshoot >= 0) || candidates < 2) {
                throw new IllegalArgumentException(
                        "rounds and lambda of sparsefool must be at least 1, overshoot at least 0 and candidates at least 2, but they are %s, %s, %s and %s"
                                .formatted(rounds, lambda, overshoot, candidates));
            }
        }
    }

    @Override
    public String name() {
        return "sparsefool";
    }

    @Override
    public Distance distance() {
        return norm.distance();
    }

    /**
     * @throws IllegalArgumentException if the criterion names a target, which SparseFool cannot aim at
     */
    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        batch.requireUntargeted(name());
        Climb margin = new Climb(Objectives.MARGIN, batch, model);
        HyperplaneProjection sparse = new HyperplaneProjection(Norm.L1, batch.bounds());
        try (var _ = Scope.open();
                OpenRows open = new OpenRows(batch, model)) {
            NearestBoundary nearest = new NearestBoundary(Norm.L2, Rivals.of(batch, model, settings.candidates() - 1));
            OpenRows.Held points = open.hold(start.first(batch, model, open.rows()));
            for (int round = 0; round < settings.rounds() && !open.isEmpty(); round++) {
                model.at(new Step(0, 1, round, settings.rounds()));
                try (var _ = Scope.open()) {
                    Tensor dense = dense(batch, model, points.get(), nearest, open.rows());
                    Tensor gradients = margin.gradient(points.get().add(dense), open.rows())
                            .gradient();
                    Tensor normals = gradients.div(
                            Norm.perRow(Norm.L2.lengths(gradients).clamp_min(new Scalar(TINY)), gradients));
                    points.set(moved(batch, sparse, points.get(), normals, dense));
                    Tensor perturbations = points.get().sub(open.originals()).mul(new Scalar(1 + settings.overshoot()));
                    model.decide(batch.clip(open.originals().add(perturbations)), open.rows());
                }
                open.letGo();
            }
        }
    }

    /** What DeepFool adds to the points until they cross the boundary. Its points are asked about and do not count: they are far from sparse. */
    private Tensor dense(AttackBatch batch, ScoredModel model, Tensor points, NearestBoundary nearest, int... rows) {
        LogitsLoss margin = Losses.margin(batch);
        Tensor sums = torch.zeros_like(points);
        int[] going = IntStream.range(0, rows.length).toArray();
        for (int step = 0; step < DENSE.steps() && going.length > 0; step++) {
            try (var _ = Scope.open()) {
                Tensor enlarged = sums.mul(new Scalar(1 + DENSE.overshoot()));
                int[] asked = going;
                int[] owners = IntStream.of(asked).map(i -> rows[i]).toArray();
                Tensor from = batch.clip(points.add(enlarged)).index_select(0, Tensors.of(asked));
                Tensor logits = model.logits(from, owners);
                double[] margins = Tensors.toDoubles(margin.of(logits, owners));
                // The first step is made in any case: without it there is no plane.
                int first = step;
                int[] staying = IntStream.range(0, asked.length)
                        .filter(i -> first == 0 || !(margins[i] > 0))
                        .toArray();
                going = IntStream.of(staying).map(i -> asked[i]).toArray();
                if (staying.length > 0) {
                    Tensor index = Tensors.of(staying);
                    Tensor moves = nearest.step(
                            batch,
                            model,
                            from.index_select(0, index),
                            logits.index_select(0, index),
                            IntStream.of(staying).map(i -> owners[i]).toArray());
                    sums.index_add_(0, Tensors.of(going), moves);
                }
            }
        }
        return sums;
    }

    /** The points on the planes through lambda times the dense perturbations, a little beyond. */
    private Tensor moved(AttackBatch batch, HyperplaneProjection sparse, Tensor points, Tensor normals, Tensor dense) {
        double[] heights = Tensors.toDoubles(normals.mul(dense).flatten(1, -1).sum(1));
        float[][] moved = batch.pixels(points);
        float[][] weights = batch.pixels(normals);
        for (int i = 0; i < moved.length; i++) {
            double[] move = sparse.move(moved[i], weights[i], -settings.lambda() * heights[i] - PUSH);
            moved[i] = Segment.along(batch.bounds(), moved[i], move, 1);
        }
        return batch.tensor(moved);
    }
}
