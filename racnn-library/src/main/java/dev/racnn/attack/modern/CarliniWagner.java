package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Carlini and Wagner's attack in L2 (2017): Adam on the squared distance plus a constant times how far the margin falls short
 * of the wanted confidence, in a space where every point is within the bounds, and a search for the constant (Foolbox 3.3.4).
 *
 * <p>Every example has a constant, a progress check and an end of its own, so that it does not matter which others share its
 * batch.
 */
public record CarliniWagner(Settings settings) implements Attack {
    /** How far below the bounds the image is squeezed, so that its inverse hyperbolic tangent is finite. */
    private static final double SQUEEZE = 0.999999;

    /** After each tenth of the steps, the loss must have come down to this share. */
    private static final double PROGRESS = 0.9999;

    private static final double GROWTH = 10;
    private static final double DECAY_1 = 0.9;
    private static final double DECAY_2 = 0.999;
    private static final double TINY = 1e-8;

    /**
     * Settings.
     *
     * @param searches how many constants are tried, at least 1
     * @param steps of Adam with each of them, at least 1
     * @param rate learning rate of Adam, positive
     * @param confidence by how much the wrong logit has to be ahead for the optimiser to rest, not negative
     * @param constant the first one, positive
     */
    public record Settings(int searches, int steps, double rate, double confidence, double constant) {
        /** 9 constants from 0.001, 10,000 steps of rate 0.01, confidence 0. */
        public static final Settings MODERN = new Settings(9, 10_000, 1e-2, 0, 1e-3);

        public Settings {
            if (searches < 1 || steps < 1) {
                throw new IllegalArgumentException(
                        "searches and steps of cw must be at least 1, but are " + searches + " and " + steps);
            }
            if (!(rate > 0) || !(confidence >= 0) || !(constant > 0)) {
                throw new IllegalArgumentException(
                        "rate and constant of cw must be positive and confidence at least 0, but they are %s, %s and %s"
                                .formatted(rate, constant, confidence));
            }
        }
    }

    @Override
    public String name() {
        return "cw";
    }

    @Override
    public Distance objective() {
        return Distance.L2;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        double[] constants = new double[batch.size()];
        double[] lower = new double[batch.size()];
        double[] upper = new double[batch.size()];
        Arrays.fill(constants, settings.constant());
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        for (int search = 0; search < settings.searches(); search++) {
            boolean[] found = descend(batch, model, constants);
            for (int row = 0; row < constants.length; row++) {
                if (found[row]) {
                    upper[row] = constants[row];
                } else {
                    lower[row] = constants[row];
                }
                constants[row] =
                        Double.isInfinite(upper[row]) ? constants[row] * GROWTH : (lower[row] + upper[row]) / 2;
            }
            batch.progress(search + 1, settings.searches());
        }
    }

    /** Adam from the images with these constants; returns which examples met an adversarial point. */
    private boolean[] descend(AttackBatch batch, ScoredModel model, double[] constants) {
        boolean[] found = new boolean[constants.length];
        double[] lossAtCheck = new double[constants.length];
        Arrays.fill(lossAtCheck, Double.POSITIVE_INFINITY);
        int check = Math.ceilDiv(settings.steps(), 10);
        try (var _ = Scope.open()) {
            Tensor variables = toFreeSpace(batch, batch.originals(batch.rows()));
            Tensor images = toImages(batch, variables);
            Tensor first = torch.zeros_like(variables);
            Tensor second = torch.zeros_like(variables);
            int[] open = batch.rows();
            for (int step = 0; step < settings.steps() && open.length > 0; step++) {
                try (var _ = Scope.open()) {
                    double[] losses =
                            step(batch, model, variables, images, first, second, constants, found, step, open);
                    if (step % check == 0) {
                        int[] checked = open;
                        open = IntStream.range(0, checked.length)
                                .filter(i -> losses[i] <= PROGRESS * lossAtCheck[checked[i]])
                                .map(i -> checked[i])
                                .toArray();
                        for (int i = 0; i < checked.length; i++) {
                            lossAtCheck[checked[i]] = losses[i];
                        }
                    }
                }
            }
        }
        return found;
    }

    /** One step of Adam for the open rows, in place; returns their losses before it. */
    private double[] step(
            AttackBatch batch,
            ScoredModel model,
            Tensor variables,
            Tensor images,
            Tensor first,
            Tensor second,
            double[] constants,
            boolean[] found,
            int step,
            int... open) {
        Tensor index = Tensors.of(open);
        Tensor here = variables.index_select(0, index);
        Tensor points = toImages(batch, here);
        Objective margin = Objective.margin(batch);
        Evaluated evaluated = margin.evaluate(model, points, open);
        boolean[] adversarial = evaluated.decisions().adversarial();
        for (int i = 0; i < open.length; i++) {
            found[open[i]] |= adversarial[i];
        }
        // The margin of the attacked classifier: a surrogate that has been fooled must not end the pull.
        Tensor shortfall = margin.of(evaluated.decisions().logits(), open).neg().add(new Scalar(settings.confidence()));
        Tensor weights =
                Tensors.of(constants, constants.length).index_select(0, index).to(points.scalar_type());
        Tensor perturbations = points.sub(images.index_select(0, index));
        Tensor squares = perturbations.flatten(1, -1).square().sum(1);
        Tensor losses = squares.add(shortfall.clamp_min(new Scalar(0.0)).mul(weights));
        // d loss / d point = 2 perturbation - constant * d margin / d point where the margin falls short.
        Tensor pull = weights.mul(shortfall.gt(new Scalar(0.0)));
        Tensor slope = perturbations
                .mul(new Scalar(2.0))
                .sub(evaluated.gradient().gradient().mul(Norm.perRow(pull, points)));
        Tensor tanh = here.tanh();
        Tensor chain = tanh.square()
                .neg()
                .add(new Scalar(1.0))
                .mul(new Scalar(batch.bounds().range() / 2));
        Tensor gradient = slope.mul(chain);
        Tensor m = first.index_select(0, index).mul(new Scalar(DECAY_1)).add(gradient.mul(new Scalar(1 - DECAY_1)));
        Tensor v = second.index_select(0, index)
                .mul(new Scalar(DECAY_2))
                .add(gradient.square().mul(new Scalar(1 - DECAY_2)));
        first.index_copy_(0, index, m);
        second.index_copy_(0, index, v);
        Tensor numerator = m.mul(new Scalar(settings.rate() / (1 - Math.pow(DECAY_1, step + 1))));
        Tensor denominator =
                v.mul(new Scalar(1 / (1 - Math.pow(DECAY_2, step + 1)))).sqrt().add(new Scalar(TINY));
        variables.index_copy_(0, index, here.sub(numerator.div(denominator)));
        return Tensors.toDoubles(losses);
    }

    /** Images as unbounded variables. */
    private static Tensor toFreeSpace(AttackBatch batch, Tensor images) {
        double centre = (batch.bounds().min() + batch.bounds().max()) / 2;
        return images.sub(new Scalar(centre))
                .mul(new Scalar(2 * SQUEEZE / batch.bounds().range()))
                .atanh();
    }

    private static Tensor toImages(AttackBatch batch, Tensor variables) {
        double centre = (batch.bounds().min() + batch.bounds().max()) / 2;
        return variables.tanh().mul(new Scalar(batch.bounds().range() / 2)).add(new Scalar(centre));
    }
}
