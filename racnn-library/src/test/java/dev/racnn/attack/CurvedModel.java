package dev.racnn.attack;

import dev.racnn.data.ImageSize;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A small smooth classifier of 8 x 8 images with random weights, which every sensible attack defeats in no time. */
public final class CurvedModel {
    /** Number of classes. */
    public static final int CLASSES = 5;

    private static final ImageSize SIZE = new ImageSize(8, 8);
    private static final int HIDDEN = 16;
    private static final double[] INPUT_WEIGHTS = weights(SIZE.bytes() * HIDDEN, 0.3, 1);
    private static final double[] OUTPUT_WEIGHTS = weights(HIDDEN * CLASSES, 1, 2);

    private CurvedModel() {}

    private static double[] weights(int count, double scale, long seed) {
        Random random = new Random(seed);
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = scale * random.nextGaussian();
        }
        return weights;
    }

    /** The classifier. */
    public static FunctionClassifier classifier() {
        return behind(images -> images);
    }

    /** The classifier behind another first layer. */
    public static FunctionClassifier behind(UnaryOperator<Tensor> layer) {
        return FunctionClassifier.of(CLASSES, images -> logits(layer.apply(images)));
    }

    /** In double precision: the order in which a processor sums a product must not decide between two labels. */
    private static Tensor logits(Tensor images) {
        Tensor centred = images.flatten(1, -1).to(ScalarType.Double).sub(new Scalar(0.5));
        return centred.matmul(Tensors.of(INPUT_WEIGHTS, SIZE.bytes(), HIDDEN))
                .tanh()
                .matmul(Tensors.of(OUTPUT_WEIGHTS, HIDDEN, CLASSES))
                .to(ScalarType.Float);
    }

    /** Random images with the labels that the classifier gives them, but for the last, whose label is wrong. */
    public static Examples examples(int count) {
        Random random = new Random(3);
        float[][] images = new float[count][SIZE.bytes()];
        for (float[] image : images) {
            for (int i = 0; i < image.length; i++) {
                image[i] = 0.2f + 0.6f * random.nextFloat();
            }
        }
        int[] indices = IntStream.range(0, count).toArray();
        Examples unlabelled = new Examples(SIZE, images, new int[count], indices);
        int[] labels = predictions(unlabelled);
        labels[count - 1] = (labels[count - 1] + 1) % CLASSES;
        return new Examples(SIZE, images, labels, indices);
    }

    /** What the classifier takes these images for. */
    public static int[] predictions(Examples examples) {
        try (var _ = new NoGradGuard()) {
            return Arrays.stream(Tensors.toLongs(logits(examples.tensor()).argmax(new LongOptional(1), false)))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
    }
}
