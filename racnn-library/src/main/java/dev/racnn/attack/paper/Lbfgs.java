package dev.racnn.attack.paper;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.LogitsObjective;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Signal;
import dev.racnn.attack.optimise.Lbfgsb;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The box-constrained L-BFGS attack (Szegedy et al., 2014; Tabacof and Valle, 2016) as Foolbox 2d468cb6 runs it: towards a
 * target class, minimise the mean squared distance plus c times the cross-entropy of the target, and search the smallest c
 * that ends at an adversarial point, first by doubling, then by bisection. The target is the class that a walk along the
 * gradient ends in.
 *
 * <p>Each example is an optimisation problem of its own, at its own iteration and its own c; the points that all of them
 * want evaluated share each pass through the model.
 */
public record Lbfgs(Settings settings) implements Attack {
    /** How many steps the walk that finds the target takes, and what keeps its division finite. */
    private static final int WALK_STEPS = 1000;

    private static final double TINY = 1e-8;

    /** What is minimised beside the distance. */
    private static final Objective TOWARDS_TARGET = new LogitsObjective(
            "cross-entropy of the target",
            Signal.LOGITS,
            true,
            (_, targets) -> (logits, rows) -> Losses.crossEntropy(
                    logits, Tensors.of(IntStream.of(rows).map(targets).toArray())));

    /**
     * Settings.
     *
     * @param epsilon half of the first c, and the precision of the last, positive
     * @param iterations of each minimisation at most, at least 1
     * @param memory correction pairs of L-BFGS-B, at least 1
     */
    public record Settings(double epsilon, int iterations, int memory) {
        /** 1e-5, 150 iterations, 15 pairs. */
        public static final Settings PAPER = new Settings(1e-5, 150, 15);

        public Settings {
            if (!(epsilon > 0)) {
                throw new IllegalArgumentException("epsilon of lbfgs must be positive, but is " + epsilon);
            }
            if (iterations < 1 || memory < 1) {
                throw new IllegalArgumentException(
                        "iterations and memory of lbfgs must be at least 1, but are " + iterations + " and " + memory);
            }
        }
    }

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int[] targets = targets(batch, model);
        // Points of the walk must not be mistaken for results of the optimisation.
        model.forget(batch.rows());
        Lbfgsb.Settings optimiser = Lbfgsb.Settings.scipy(settings.memory(), settings.iterations());
        List<LbfgsSearch> open = IntStream.range(0, batch.size())
                .mapToObj(row -> new LbfgsSearch(
                        row, targets[row], batch.original(row), batch.bounds(), settings.epsilon(), optimiser))
                .toList();
        Climb climb = new Climb(TOWARDS_TARGET, batch, model, row -> targets[row]);
        while (!open.isEmpty()) {
            advance(batch, climb, open);
            decide(batch, model, open.stream().filter(LbfgsSearch::atMinimum).toList());
            open = open.stream().filter(search -> !search.done()).toList();
            batch.progress(batch.size() - open.size(), batch.size());
        }
    }

    /** Evaluates the next point of every search. */
    private static void advance(AttackBatch batch, Climb climb, List<LbfgsSearch> open) {
        int[] rows = rows(open);
        int pixels = batch.imageSize().bytes();
        float[] logits;
        float[] gradients;
        try (var _ = Scope.open()) {
            Evaluated evaluated = climb.evaluate(points(batch, open), rows);
            logits = Tensors.toFloats(evaluated.decisions().logits());
            gradients = Tensors.toFloats(evaluated.gradient().gradient());
        }
        IntStream.range(0, rows.length)
                .parallel()
                .forEach(i -> open.get(i)
                        .tell(
                                Arrays.copyOfRange(logits, i * batch.classes(), (i + 1) * batch.classes()),
                                gradients,
                                i * pixels));
    }

    /** Asks whether minima are adversarial, which takes no gradients. */
    private static void decide(AttackBatch batch, ScoredModel model, List<LbfgsSearch> atMinima) {
        if (atMinima.isEmpty()) {
            return;
        }
        boolean[] adversarial;
        try (var _ = Scope.open()) {
            adversarial = model.decide(points(batch, atMinima), rows(atMinima)).adversarial();
        }
        for (int i = 0; i < adversarial.length; i++) {
            atMinima.get(i).chooseNext(adversarial[i]);
        }
    }

    private static int[] rows(List<LbfgsSearch> searches) {
        return searches.stream().mapToInt(LbfgsSearch::row).toArray();
    }

    private static Tensor points(AttackBatch batch, List<LbfgsSearch> searches) {
        int pixels = batch.imageSize().bytes();
        float[] points = new float[searches.size() * pixels];
        for (int i = 0; i < searches.size(); i++) {
            searches.get(i).writePoint(points, i * pixels);
        }
        return Tensors.of(
                points,
                searches.size(),
                3,
                batch.imageSize().height(),
                batch.imageSize().width());
    }

    /** The criterion's targets or, without any, the classes that walks along the gradient end in. */
    private static int[] targets(AttackBatch batch, ScoredModel model) {
        int[] all = batch.rows();
        if (batch.target(0).isPresent()) {
            return IntStream.of(all).map(row -> batch.target(row).orElseThrow()).toArray();
        }
        try (var _ = Scope.open()) {
            Tensor gradient = new Climb(Objectives.CROSS_ENTROPY, batch, model)
                    .gradient(batch.originals(all), all)
                    .gradient();
            Tensor rootMeanSquare = Norm.L2
                    .lengths(gradient)
                    .div(new Scalar(Math.sqrt(batch.imageSize().bytes())))
                    .add(new Scalar(TINY));
            new LineScan(WALK_STEPS).run(batch, model, gradient.div(Norm.perRow(rootMeanSquare, gradient)));
            return IntStream.of(all)
                    .map(row -> model.succeeded(row) ? reached(model, row) : wrongClass(batch, row))
                    .toArray();
        }
    }

    private static int reached(ScoredModel model, int row) {
        return Decisions.argmax(
                Tensors.toFloats(model.decide(model.best(row), row).logits()));
    }

    private static int wrongClass(AttackBatch batch, int row) {
        RandomGenerator random = batch.random(row);
        int drawn = random.nextInt(batch.classes() - 1);
        return drawn < batch.label(row) ? drawn : drawn + 1;
    }
}
