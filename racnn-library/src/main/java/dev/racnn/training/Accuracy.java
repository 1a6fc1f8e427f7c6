package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Clean accuracy.
 *
 * @param top1 share of images whose label has the largest logit, in [0, 1]
 * @param top5 share of images whose label is among the five largest: the paper's Accuracy@5 for ImageNet
 */
record Accuracy(double top1, double top5) {
    private static final int BATCH = 250;
    private static final int FIVE = 5;

    /** Of a classifier of images. */
    static Accuracy of(Function<Batch, Tensor> logits, Dataset data) {
        return of(logits, (start, end) -> Batch.range(data, start, end), data.size());
    }

    /** Of a classifier that knows what it has to of every image. */
    static Accuracy ofNamed(Function<Batch, Tensor> logits, Dataset data) {
        return of(
                logits,
                (start, end) -> Batch.named(data, IntStream.range(start, end).toArray()),
                data.size());
    }

    private static Accuracy of(Function<Batch, Tensor> logits, BatchRange batches, int images) {
        long first = 0;
        long five = 0;
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < images; start += step) {
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                Batch batch = batches.of(start, Math.min(start + step, images));
                Tensor answers = logits.apply(batch);
                first += SoftLabels.correct(answers, batch.labels(), 1);
                five += SoftLabels.correct(answers, batch.labels(), FIVE);
            }
        }
        return new Accuracy((double) first / images, (double) five / images);
    }

    /** Consecutive images. */
    @FunctionalInterface
    private interface BatchRange {
        Batch of(int start, int end);
    }
}
