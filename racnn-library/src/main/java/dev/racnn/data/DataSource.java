package dev.racnn.data;

import java.io.IOException;

/**
 * Where the images of an experiment come from: a training set D, a test set, and the candidate set D' that a
 * retrieval-augmented classifier looks its neighbours up in.
 *
 * <p>Every call reads the images afresh; keep the result.
 */
public interface DataSource {
    /**
     * The source that a text names: {@code cifar10:DIR}, {@code svhn:DIR}, {@code folder:DIR} or {@code bundled}.
     *
     * @throws IllegalArgumentException if the text has another form; whether the files exist is not looked at
     */
    static DataSource parse(String text) {
        return DataScheme.parse(text);
    }

    /** The training set D. */
    Dataset train() throws IOException;

    /** The test set. */
    Dataset test() throws IOException;

    /** The candidate set D': the training set, unless the data have one of their own, such as SVHN's extra images. */
    default Dataset candidates() throws IOException {
        return train();
    }

    /** Whether D' is D: then a training image must be kept from retrieving itself. */
    default boolean candidatesAreTraining() {
        return true;
    }

    /**
     * This source with images as a model takes them. Without it, images of class folders must all have one size.
     *
     * @throws IllegalArgumentException if its images have a fixed size and the model takes another one
     */
    DataSource preprocessed(Preprocessing preprocessing);
}
