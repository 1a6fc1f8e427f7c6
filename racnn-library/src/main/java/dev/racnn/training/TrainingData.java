package dev.racnn.training;

import dev.racnn.Progress;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.racnn.Provenance;
import org.jspecify.annotations.Nullable;

/**
 * The images of a training.
 *
 * @param name what people call them, such as {@code cifar10:data}
 * @param training D, what is learnt from
 * @param test what accuracy is reported on after each epoch; nothing is selected by it
 * @param candidates D'; the same object as {@code training} if D' = D
 */
public record TrainingData(String name, Dataset training, Dataset test, Dataset candidates) {
    /** @throws IllegalArgumentException if sizes or classes of the three differ */
    public TrainingData {
        if (training.classNames().size() < 2) {
            throw new IllegalArgumentException(
                    "a classifier needs images of at least two classes, but the training images are all of %s; add images of another class"
                            .formatted(training.classNames()));
        }
        requireLike(training, test, "test");
        requireLike(training, candidates, "candidate");
    }

    private static void requireLike(Dataset training, Dataset other, String role) {
        if (!other.classNames().equals(training.classNames())
                || !other.imageSize().equals(training.imageSize())) {
            throw new IllegalArgumentException(
                    "the %s images must have size and classes of the training images, %s and %s, but have %s and %s"
                            .formatted(
                                    role,
                                    training.imageSize(),
                                    training.classNames(),
                                    other.imageSize(),
                                    other.classNames()));
        }
    }

    boolean candidatesAreTraining() {
        return candidates.equals(training);
    }

    /** Looks at every image once, so that those that cannot be read come to light. */
    Provenance provenance(
            long seed,
            String commandLine,
            Provenance.@Nullable Source extractor,
            Provenance.@Nullable Source baseline,
            TrainingListener listener) {
        Fingerprint ofTraining = fingerprint(training, "training", listener);
        Fingerprint ofTest = fingerprint(test, "test", listener);
        Fingerprint ofCandidates =
                candidatesAreTraining() ? ofTraining : fingerprint(candidates, "candidate", listener);
        return new Provenance(name, seed, commandLine, ofTraining, ofTest, ofCandidates, extractor, baseline);
    }

    private static Fingerprint fingerprint(Dataset images, String role, TrainingListener listener) {
        String stage = "reading the %s images".formatted(role);
        return Fingerprint.of(
                images, done -> listener.progress(Progress.images(stage, done, images.size()), Double.NaN));
    }
}
