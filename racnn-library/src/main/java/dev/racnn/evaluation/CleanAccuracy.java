package dev.racnn.evaluation;

import dev.racnn.attack.Criterion;
import dev.racnn.attack.Logits;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Counts how many unperturbed images a classifier gets right. */
public final class CleanAccuracy {
    private static final int BATCH = 250;

    private CleanAccuracy() {}

    /**
     * Accuracy over a whole data set.
     *
     * @param mistake what counts as one
     * @throws IllegalStateException if a logit is NaN
     */
    public static Proportion of(Classifier classifier, Dataset data, Criterion mistake) {
        int correct = 0;
        int classes = classifier.classes();
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < data.size(); start += step) {
            int end = Math.min(start + step, data.size());
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                Tensor images = Batch.range(data, start, end).images();
                int first = start;
                float[][] answers = Logits.checked(
                        classifier.logits(classifier.bounds().spread(images)), classes, i -> first + i, end - start);
                for (int i = 0; i < answers.length; i++) {
                    correct += mistake.isAdversarial(answers[i], data.label(start + i), start + i) ? 0 : 1;
                }
            }
        }
        return new Proportion(correct, data.size());
    }
}
