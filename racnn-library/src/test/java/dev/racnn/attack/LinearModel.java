package dev.racnn.attack;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.model.Vicinity;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A classifier whose decision boundary is known: the logits of an image are [t - s, s - t, -9] with s its mean pixel. */
public final class LinearModel {
    /** Images of four pixels. */
    public static final ImageSize SIZE = new ImageSize(2, 2);

    private LinearModel() {}

    /** Class 0 below the threshold, class 1 above, class 2 never. */
    public static FunctionClassifier threshold(double threshold) {
        return FunctionClassifier.of(3, images -> logits(images, threshold));
    }

    /** Keeps the grey s of the image around which it is asked, and has its threshold at 2 s there; elsewhere at 2. */
    public static Classifier twice() {
        return new Classifier() {
            @Override
            public Tensor logits(Tensor images) {
                return LinearModel.logits(images, 2);
            }

            @Override
            public Vicinity around(Tensor images) {
                float[] greys = Tensors.toFloats(images.flatten(1, -1).mean(1));
                return (points, rows) -> {
                    float[] thresholds = new float[rows.length];
                    for (int i = 0; i < rows.length; i++) {
                        thresholds[i] = 2 * greys[rows[i]];
                    }
                    return LinearModel.logits(points.sub(Tensors.of(thresholds, rows.length, 1, 1, 1)), 0);
                };
            }

            @Override
            public int classes() {
                return 3;
            }
        };
    }

    /** The logits, for tests that change them. */
    public static Tensor logits(Tensor images, double threshold) {
        Tensor mean = images.flatten(1, -1).mean(1).sub(new Scalar(threshold)).unsqueeze(1);
        return mean.mul(Tensors.of(new float[] {-1, 1, 0}, 1, 3)).add(Tensors.of(new float[] {0, 0, -9}, 1, 3));
    }

    /** Class 0 where the weighted sum of the twelve values is below the threshold, class 1 above, class 2 never. */
    public static FunctionClassifier weighted(float[] weights, double threshold) {
        return FunctionClassifier.of(
                3,
                images -> images.flatten(1, -1)
                        .matmul(Tensors.of(weights, SIZE.bytes(), 1))
                        .sub(new Scalar(threshold))
                        .mul(Tensors.of(new float[] {-1, 1, 0}, 1, 3))
                        .add(Tensors.of(new float[] {0, 0, -99}, 1, 3)));
    }

    /** Images of one grey each, all of class 0. */
    public static Examples grey(double... values) {
        float[][] images = new float[values.length][SIZE.bytes()];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(images[i], (float) values[i]);
        }
        return new Examples(
                SIZE,
                images,
                new int[values.length],
                IntStream.range(0, values.length).toArray());
    }
}
