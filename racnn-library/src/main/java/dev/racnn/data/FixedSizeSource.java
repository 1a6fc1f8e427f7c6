package dev.racnn.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Data whose images all have one size that cannot be changed.
 *
 * @param name what the command line calls it
 * @param ownCandidates reads D' where it is not D
 */
record FixedSizeSource(
        String name,
        ImageSize imageSize,
        Reader training,
        Reader testing,
        @Nullable Reader ownCandidates) implements DataSource {
    /** Reads a data set. */
    interface Reader {
        Dataset read() throws IOException;
    }

    @Override
    public Dataset train() throws IOException {
        return training.read();
    }

    @Override
    public Dataset test() throws IOException {
        return testing.read();
    }

    @Override
    public Dataset candidates() throws IOException {
        return ownCandidates == null ? train() : ownCandidates.read();
    }

    @Override
    public boolean candidatesAreTraining() {
        return ownCandidates == null;
    }

    @Override
    public DataSource preprocessed(Preprocessing preprocessing) {
        ImageSize size = preprocessing.imageSize();
        if (!size.equals(imageSize)) {
            throw new IllegalArgumentException("images of " + name + " are " + imageSize + ", but " + size
                    + " is asked for; use class folders (folder:DIR), which can be resized");
        }
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
