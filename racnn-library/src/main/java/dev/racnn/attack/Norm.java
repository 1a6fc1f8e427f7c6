package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A norm of perturbations, with the three hooks that gradient attacks share: a random start, the steepest step, the
 * projection. All work on a batch, row by row; lengths are in the units of the pixels; none knows the bounds of pixels.
 */
public enum Norm {
    /** Number of values that differ from zero. No norm in the strict sense, and its ball is not convex. */
    L0 {
        @Override
        public Tensor lengths(Tensor perturbations) {
            return perturbations.flatten(1, -1).ne(new Scalar(0.0)).sum(1).to(ScalarType.Float);
        }

        @Override
        void fillBall(float[] target, int offset, int length, double epsilon, RandomGenerator random) {
            for (int i = 0; i < Math.min(epsilon, length); i++) {
                target[offset + random.nextInt(length)] = (float) random.nextDouble(-1, 1);
            }
        }

        @Override
        public Tensor steepestStep(Tensor gradients) {
            return L1.steepestStep(gradients);
        }

        // The values that are largest in size.
        @Override
        public Tensor project(Tensor originals, Tensor points, Tensor radii) {
            Tensor perturbations = points.sub(originals);
            Tensor ranks = perturbations.flatten(1, -1).abs().argsort(1, true).argsort(1, false);
            Tensor kept = ranks.lt(radii.unsqueeze(1).floor()).view_as(perturbations);
            return originals.add(perturbations.mul(kept));
        }
    },
    /** Sum of absolute values. */
    L1 {
        @Override
        public Tensor lengths(Tensor perturbations) {
            return perturbations.flatten(1, -1).abs().sum(1);
        }

        @Override
        void fillBall(float[] target, int offset, int length, double epsilon, RandomGenerator random) {
            // Exponential draws with one more of them, divided by their sum, are uniform in the simplex with its
            // inside.
            double sum = random.nextExponential();
            double[] draws = new double[length];
            for (int i = 0; i < length; i++) {
                draws[i] = random.nextExponential();
                sum += draws[i];
            }
            for (int i = 0; i < length; i++) {
                double size = epsilon * draws[i] / sum;
                target[offset + i] = (float) (random.nextBoolean() ? size : -size);
            }
        }

        // The signs of the 1 % of the pixels with the largest gradients, scaled to length 1 (Tramèr and Boneh, 2019):
        // the
        // steepest direction proper moves a single pixel, which makes for very slow attacks.
        @Override
        public Tensor steepestStep(Tensor gradients) {
            Tensor sizes = gradients.flatten(1, -1).abs();
            long count = Math.max(1, sizes.size(1) / 100);
            Tensor smallestKept = sizes.topk(count, 1, true, true).get0().narrow(1, count - 1, 1);
            Tensor kept = gradients.sign().mul(sizes.ge(smallestKept).view_as(gradients));
            return kept.div(perRow(lengths(kept).clamp_min(new Scalar(TINY)), kept));
        }

        // The Euclidean projection onto the ball: soft thresholding (Duchi et al., 2008).
        @Override
        public Tensor project(Tensor originals, Tensor points, Tensor radii) {
            Tensor perturbations = points.sub(originals);
            Tensor sizes = perturbations.flatten(1, -1).abs();
            Tensor sorted = sizes.sort(1, true).get0();
            Tensor excess = sorted.cumsum(1).sub(radii.unsqueeze(1));
            Tensor ranks = torch.ones_like(sorted).cumsum(1);
            Tensor support = sorted.mul(ranks)
                    .gt(excess)
                    .sum(1)
                    .clamp_min(new Scalar(1L))
                    .unsqueeze(1);
            Tensor threshold =
                    excess.gather(1, support.sub(new Scalar(1L))).div(support).clamp_min(new Scalar(0.0));
            Tensor shrunk = sizes.sub(threshold).clamp_min(new Scalar(0.0));
            return originals.add(perturbations.sign().mul(shrunk.view_as(perturbations)));
        }
    },
    /** Euclidean norm. */
    L2 {
        @Override
        public Tensor lengths(Tensor perturbations) {
            return perturbations.flatten(1, -1).norm(new ScalarOptional(new Scalar(2.0)), 1);
        }

        @Override
        void fillBall(float[] target, int offset, int length, double epsilon, RandomGenerator random) {
            double squares = 0;
            for (int i = 0; i < length; i++) {
                double draw = random.nextGaussian();
                squares += draw * draw;
                target[offset + i] = (float) draw;
            }
            double scale = epsilon * Math.pow(random.nextDouble(), 1.0 / length) / Math.sqrt(squares);
            for (int i = 0; i < length; i++) {
                target[offset + i] *= (float) scale;
            }
        }

        @Override
        public Tensor steepestStep(Tensor gradients) {
            return gradients.div(perRow(lengths(gradients).clamp_min(new Scalar(TINY)), gradients));
        }

        @Override
        public Tensor project(Tensor originals, Tensor points, Tensor radii) {
            Tensor perturbations = points.sub(originals);
            Tensor scales = lengths(perturbations)
                    .clamp_min(new Scalar(TINY))
                    .reciprocal()
                    .mul(radii)
                    .clamp_max(new Scalar(1.0));
            return originals.add(perturbations.mul(perRow(scales, perturbations)));
        }
    },
    /** Largest absolute value. */
    LINF {
        @Override
        public Tensor lengths(Tensor perturbations) {
            return perturbations.flatten(1, -1).abs().amax(new long[] {1}, false);
        }

        @Override
        void fillBall(float[] target, int offset, int length, double epsilon, RandomGenerator random) {
            for (int i = 0; i < length; i++) {
                target[offset + i] = (float) (epsilon * (2 * random.nextDouble() - 1));
            }
        }

        @Override
        public Tensor steepestStep(Tensor gradients) {
            return gradients.sign();
        }

        @Override
        public Tensor project(Tensor originals, Tensor points, Tensor radii) {
            Tensor radius = perRow(radii, points);
            return points.clamp(new TensorOptional(originals.sub(radius)), new TensorOptional(originals.add(radius)));
        }
    };

    /** Keeps a division by the length of a zero vector finite. */
    private static final double TINY = 1e-12;

    /** The norm of gradients: the change of a linear function is at most the product of the two lengths. */
    public Norm dual() {
        return switch (this) {
            case L0, L1 -> LINF;
            case L2 -> L2;
            case LINF -> L1;
        };
    }

    /**
     * The length of each perturbation.
     *
     * @param perturbations [n, ...]
     * @return [n]
     */
    public abstract Tensor lengths(Tensor perturbations);

    /**
     * Points drawn uniformly from the balls around the originals; they may lie outside the bounds.
     *
     * @param originals float32 [n, ...]
     * @param epsilon radius
     * @param randoms n generators, one a row
     */
    public Tensor randomStart(Tensor originals, double epsilon, RandomGenerator[] randoms) {
        int length = Math.toIntExact(originals.numel() / randoms.length);
        float[] perturbations = new float[randoms.length * length];
        for (int row = 0; row < randoms.length; row++) {
            fillBall(perturbations, row * length, length, epsilon, randoms[row]);
        }
        return Tensors.of(perturbations, Tensors.shape(originals)).add_(originals);
    }

    /** One draw from the ball of this radius. */
    abstract void fillBall(float[] target, int offset, int length, double epsilon, RandomGenerator random);

    /**
     * The step of length 1 along which a function with these gradients grows most.
     *
     * @param gradients [n, ...]
     * @return [n, ...]; a zero gradient gives a zero step
     */
    public abstract Tensor steepestStep(Tensor gradients);

    /**
     * The nearest points, in Euclidean distance, of the balls around the originals.
     *
     * @param originals [n, ...]
     * @param points [n, ...]
     * @param radii [n], infinite where everything is allowed
     */
    public abstract Tensor project(Tensor originals, Tensor points, Tensor radii);

    /** The same with one radius for all. */
    public Tensor project(Tensor originals, Tensor points, double epsilon) {
        return project(originals, points, Tensors.full(ScalarType.Float, epsilon, points.size(0)));
    }

    /**
     * Checks that an attack knows this norm.
     *
     * @throws IllegalArgumentException if it is none of those that the attack knows
     */
    public void requireOneOf(String attack, Norm... known) {
        if (!List.of(known).contains(this)) {
            String last = known[known.length - 1].name();
            String others =
                    Arrays.stream(known, 0, known.length - 1).map(Norm::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("norm of %s must be %s, but is %s"
                    .formatted(attack, others.isEmpty() ? last : others + " or " + last, this));
        }
    }

    /** The distance that goes with this norm. */
    public Distance distance() {
        return switch (this) {
            case L0 -> Distance.L0;
            case L1 -> Distance.L1;
            case L2 -> Distance.L2;
            case LINF -> Distance.LINF;
        };
    }

    /**
     * One number a row in a shape that multiplies images.
     *
     * @param values [n]
     * @param images [n, ...], only its number of dimensions matters
     * @return [n, 1, ..]
     */
    public static Tensor perRow(Tensor values, Tensor images) {
        long[] shape = new long[Math.toIntExact(images.dim())];
        Arrays.fill(shape, 1);
        shape[0] = values.size(0);
        return values.view(shape);
    }
}
