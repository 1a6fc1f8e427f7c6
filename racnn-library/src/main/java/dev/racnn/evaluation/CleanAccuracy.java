package dev.racnn.evaluation;

import dev.racnn.attack.Decisions;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Counts how many unperturbed images a classifier gets right. */
public final class CleanAccuracy {
    private static final int BATCH = 250;

    private CleanAccuracy() {}

    /** Accuracy over a whole data set. */
    public static Proportion of(Classifier classifier, Dataset data) {
        int correct = 0;
        int classes = classifier.classes();
        for (int start = 0; start < data.size(); start += BATCH) {
            int end = Math.min(start + BATCH, data.size());
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                Tensor images = Batch.range(data, start, end).images();
                float[] logits = Tensors.toFloats(classifier.logits(spread(images, classifier.bounds())));
                for (int i = 0; i < end - start; i++) {
                    int prediction = Decisions.argmax(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes));
                    correct += prediction == data.label(start + i) ? 1 : 0;
                }
            }
        }
        return new Proportion(correct, data.size());
    }

    private static Tensor spread(Tensor images, Bounds bounds) {
        return bounds.equals(Bounds.UNIT)
                ? images
                : images.mul(new Scalar(bounds.range())).add(new Scalar(bounds.min()));
    }
}
