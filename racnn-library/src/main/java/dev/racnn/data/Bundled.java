package dev.racnn.data;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The sample of CIFAR-10 that ships with the library: of each class, the first 500 training images and the first 100 test
 * images, pixel for pixel, in the order of the official files.
 *
 * <p>It is there to try things out and to test them; results worth reporting need all of CIFAR-10 ({@link Cifar10}).
 */
public final class Bundled {
    /** Training images of each class. */
    public static final int TRAINING_PER_CLASS = 500;

    /** Test images of each class. */
    public static final int TEST_PER_CLASS = 100;

    static final String TRAINING_FILE = "cifar10-sample-train.packed";
    static final String TEST_FILE = "cifar10-sample-test.packed";

    private Bundled() {}

    /** The 5,000 training images of 32x32. */
    public static Dataset train() throws IOException {
        return read(TRAINING_FILE);
    }

    /** The 1,000 test images of 32x32. */
    public static Dataset test() throws IOException {
        return read(TEST_FILE);
    }

    private static Dataset read(String file) throws IOException {
        try (InputStream in = Bundled.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException("the library does not contain dev/racnn/data/" + file
                        + "; was it built without its resources?");
            }
            return PackedImages.read(new BufferedInputStream(in, 1 << 16), Cifar10.CLASS_NAMES);
        }
    }
}
