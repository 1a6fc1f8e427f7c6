package dev.racnn.attack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Where attacks usually begin. */
public final class Starts {
    /** The unperturbed image, once. */
    public static final Start IMAGE =
            Start.of("the image", (batch, _, attempt, rows) -> attempt.number() == 0 ? batch.originals(rows) : null);

    private Starts() {}

    /**
     * Uniform noise, for attacks that need an adversarial start.
     *
     * @param draws how often at most
     * @param images whether to go on with as many images of the run, one of which may be of the class that is wanted
     */
    public static Start noise(int draws, boolean images) {
        return Start.of("noise" + (images ? " or another image" : ""), (batch, _, attempt, rows) -> {
            int number = attempt.number();
            if (number < draws) {
                return batch.tensor(IntStream.of(rows)
                        .mapToObj(row -> noise(batch, batch.random(row)))
                        .toArray(float[][]::new));
            }
            List<float[]> others = images ? batch.imagesOfRun() : List.of();
            int other = number - draws;
            return other < Math.min(draws, others.size())
                    ? batch.tensor(
                            IntStream.of(rows).mapToObj(_ -> others.get(other)).toArray(float[][]::new))
                    : null;
        });
    }

    private static float[] noise(AttackBatch batch, RandomGenerator random) {
        float[] image = new float[batch.imageSize().bytes()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float)
                    (batch.bounds().min() + random.nextDouble() * batch.bounds().range());
        }
        return image;
    }

    /** A random point of a ball. */
    public static Start inside(ThreatModel budget) {
        return Start.of("a random point of the ball", (batch, _, _, rows) -> {
            Tensor originals = batch.originals(rows);
            return batch.clip(budget.norm().randomStart(originals, budget.epsilon(), batch.randoms(rows)));
        });
    }

    /** A random point on the surface of a ball. */
    public static Start onSurface(ThreatModel budget) {
        return Start.of("a random point on the surface of the ball", (batch, _, _, rows) -> {
            Tensor originals = batch.originals(rows);
            // A draw from the unit ball is uniform in direction; it is scaled onto the surface.
            Tensor inside =
                    budget.norm().randomStart(originals, 1, batch.randoms(rows)).sub(originals);
            Tensor unit = inside.div(Norm.perRow(budget.norm().lengths(inside), inside));
            return batch.clip(originals.add(unit.mul(new Scalar(budget.epsilon()))));
        });
    }

    /**
     * Where some steps up another objective lead to within a ball.
     *
     * @param steps how many, at least 1
     */
    public static Start climbed(Start from, Objective objective, ThreatModel budget, int steps) {
        return new Climbed(from, objective, budget, steps);
    }

    /**
     * Adversarial points brought towards the image as far as they stay so.
     *
     * @param halvings of the line between them, at least 1
     */
    public static Start bisected(Start from, int halvings) {
        return new Bisected(from, halvings);
    }

    /**
     * Images of somebody's choice, tried in their order.
     *
     * @param images pixels of several images for each example, by its index in its data set
     */
    public static Start at(String name, Map<Integer, List<float[]>> images) {
        return Start.of(name, (batch, _, attempt, rows) -> {
            float[][] points = new float[rows.length][];
            boolean any = false;
            for (int i = 0; i < rows.length; i++) {
                List<float[]> own = images.getOrDefault(batch.index(rows[i]), List.of());
                boolean has = attempt.number() < own.size();
                points[i] = has ? own.get(attempt.number()) : batch.original(rows[i]);
                any |= has;
            }
            return any ? batch.tensor(points) : null;
        });
    }

    /** What another attack found; examples on which it failed begin at the image. */
    public static Start at(AttackResult result) {
        Map<Integer, List<float[]>> found = new HashMap<>();
        for (Outcome outcome : result.outcomes()) {
            float @Nullable [] point = outcome.adversarial();
            if (point != null) {
                found.put(outcome.index(), List.of(point));
            }
        }
        return at("what %s found".formatted(result.attack()), found);
    }
}
