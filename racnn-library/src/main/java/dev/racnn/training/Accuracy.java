package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import org.bytedeco.pytorch.NoGradGuard;

/** Clean accuracy of a classifier. */
final class Accuracy {
    private static final int BATCH = 250;

    private Accuracy() {}

    /** Share of correct answers, in [0, 1]. */
    static double of(Classifier classifier, Dataset data) {
        long correct = 0;
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < data.size(); start += step) {
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                Batch batch = Batch.range(data, start, Math.min(start + step, data.size()));
                correct += SoftLabels.correct(classifier.logits(batch.images()), batch.labels());
            }
        }
        return (double) correct / data.size();
    }
}
