package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Pass;
import dev.racnn.racnn.CandidateFeatures;
import dev.racnn.tensor.Precision;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Features of a phi that stays as it is: computed once and read from the disk, or, of augmented images, computed for every
 * epoch, forwards only.
 *
 * @param candidates of D'
 * @param training of D, un-augmented; null if D is augmented
 * @param test of the test images
 * @param phi for augmented images
 * @param precision of phi
 */
record KnownFeatures(
        CandidateFeatures candidates,
        @Nullable CandidateFeatures training,
        CandidateFeatures test,
        Network phi,
        Precision precision)
        implements Features {
    @Override
    public Networks networks() {
        return new Networks();
    }

    @Override
    public List<Adam.Group> groups() {
        return List.of();
    }

    @Override
    public boolean looksAtImages() {
        return training == null;
    }

    @Override
    public boolean looksAtTests() {
        return false;
    }

    @Override
    public Tensor ofTraining(Batch batch) {
        if (training != null) {
            return read(training, batch.indices());
        }
        try (var _ = new NoGradGuard()) {
            return phi.forward(batch.images(), Pass.EVALUATION, precision);
        }
    }

    @Override
    public Tensor ofTest(Batch batch) {
        return read(test, batch.indices());
    }

    @Override
    public Tensor ofCandidates(int[] rows, int fresh, long seed) {
        return stored(rows);
    }

    @Override
    public Tensor stored(int[] rows) {
        return read(candidates, rows);
    }

    private static Tensor read(CandidateFeatures features, int[] rows) {
        return features.of(Arrays.stream(rows).asLongStream().toArray());
    }

    /** Whoever opened what is read closes it. */
    @Override
    public void close() {}
}
