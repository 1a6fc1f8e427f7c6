package dev.racnn.evaluation;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.data.Subset;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.Provenance;
import dev.racnn.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether a model knows the images that it is tested on: what it says of those is no measure of what it says of others.
 */
public final class SeenImages {
    private static final int BATCH = 50;
    private static final int LOOKED_AT = 200;

    private SeenImages() {}

    /**
     * What to say of a model that has test images among its candidates: one of the neighbours of such an image lies at
     * distance 0, or has its pixels. Looks at no more than 200 images, spread evenly over the data set.
     *
     * @param test as the model takes them
     * @return nothing if it has none of them, or no candidates at all
     */
    public static Optional<String> among(Subject model, Dataset test) {
        Retrieval retrieval = model.retrieval();
        if (retrieval == null) {
            return Optional.empty();
        }
        Dataset images = Subset.spread(test, LOOKED_AT);
        int count = images.size();
        int seen = 0;
        for (int start = 0; start < count; start += BATCH) {
            try (var _ = Scope.open()) {
                Batch batch = Batch.range(images, start, Math.min(start + BATCH, count));
                Explanation answers = retrieval.classifier().explain(batch.images());
                for (int image = 0; image < batch.size(); image++) {
                    seen += isSeen(answers, image, pixels(batch, image), retrieval.candidates()) ? 1 : 0;
                }
            }
        }
        return seen == 0
                ? Optional.empty()
                : Optional.of(
                        "%s of %s test images looked at are among its candidates and find themselves; its accuracy on new images is lower"
                                .formatted(seen, count));
    }

    private static boolean isSeen(Explanation answers, int image, byte[] pixels, CandidateSnapshot candidates) {
        for (int rank = 0; rank < answers.neighbours().k(); rank++) {
            if (answers.neighbours().squaredDistance(image, rank) == 0
                    || Arrays.equals(
                            pixels,
                            candidates
                                    .candidate(answers.neighbours().id(image, rank))
                                    .thumbnail())) {
                return true;
            }
        }
        return false;
    }

    private static byte[] pixels(Batch batch, int image) {
        int bytes = batch.pixels().length / batch.size();
        return Arrays.copyOfRange(batch.pixels(), image * bytes, (image + 1) * bytes);
    }

    /**
     * What to say of a model whose accuracy was reported on other images than these.
     *
     * @param origin of the model
     * @param test all test images
     * @return nothing if they are the same
     */
    public static Optional<String> since(Provenance origin, Fingerprint test) {
        if (test.equals(origin.test())) {
            return Optional.empty();
        }
        return Optional.of(
                test.equals(origin.training()) || test.equals(origin.candidates())
                        ? "the test images are those that it was made from"
                        : "the test images (%s) are not those that its training set aside (%s); it may have learnt from some of them"
                                .formatted(test, origin.test()));
    }
}
