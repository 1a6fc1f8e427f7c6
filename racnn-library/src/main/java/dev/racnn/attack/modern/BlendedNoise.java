package dev.racnn.attack.modern;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Where decision-based attacks begin (Foolbox 3.3.4, {@code LinearSearchBlendedUniformNoiseAttack}): uniform noise that is
 * adversarial, blended with the image as far as that lasts. Where no noise is, as under most targeted criteria, the
 * first of the run's images that is serves, such as one of the wanted class.
 *
 * @param draws noise images for each example at most, and then as many images of the run
 * @param blends points on the line from the image to the noise
 */
record BlendedNoise(int draws, int blends) {
    /** 1,000 noise images, 50 blends. */
    static final BlendedNoise MODERN = new BlendedNoise(1000, 50);

    /**
     * Looks for starting points; examples without one are left out.
     *
     * @return for each row of the batch a point that is adversarial, or null
     */
    float[][] starts(AttackBatch batch, ScoredModel model) {
        float[][] noise = new float[batch.size()][];
        float[][] adversarial = new float[batch.size()][];
        int[] open = batch.rows();
        List<float[]> images = batch.imagesOfRun();
        for (int draw = 0; draw < draws + Math.min(draws, images.size()) && open.length > 0; draw++) {
            for (int row : open) {
                noise[row] = draw < draws ? noise(batch, batch.random(row)) : images.get(draw - draws);
            }
            boolean[] hits = decide(batch, model, noise, open);
            int[] tried = open;
            for (int i = 0; i < tried.length; i++) {
                if (hits[i]) {
                    adversarial[tried[i]] = noise[tried[i]];
                }
            }
            open = Arrays.stream(tried).filter(row -> adversarial[row] == null).toArray();
        }
        return blended(batch, model, adversarial);
    }

    private float[][] blended(AttackBatch batch, ScoredModel model, float[][] noise) {
        float[][] starts = new float[batch.size()][];
        int[] open =
                Arrays.stream(batch.rows()).filter(row -> noise[row] != null).toArray();
        for (int blend = 1; blend <= blends && open.length > 0; blend++) {
            float[][] points = new float[batch.size()][];
            for (int row : open) {
                points[row] = Segment.point(batch.original(row), noise[row], (double) blend / blends);
            }
            boolean[] hits = decide(batch, model, points, open);
            int[] tried = open;
            for (int i = 0; i < tried.length; i++) {
                if (hits[i]) {
                    starts[tried[i]] = points[tried[i]];
                }
            }
            open = Arrays.stream(tried).filter(row -> starts[row] == null).toArray();
        }
        return starts;
    }

    private static boolean[] decide(AttackBatch batch, ScoredModel model, float[][] points, int... rows) {
        try (var _ = Scope.open()) {
            return model.decide(
                            batch.tensor(IntStream.of(rows)
                                    .mapToObj(row -> points[row])
                                    .toArray(float[][]::new)),
                            rows)
                    .adversarial();
        }
    }

    private static float[] noise(AttackBatch batch, RandomGenerator random) {
        float[] image = new float[batch.imageSize().bytes()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float)
                    (batch.bounds().min() + random.nextDouble() * batch.bounds().range());
        }
        return image;
    }
}
