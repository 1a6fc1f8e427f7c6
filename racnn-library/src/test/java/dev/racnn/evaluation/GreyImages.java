package dev.racnn.evaluation;

import dev.racnn.attack.LinearModel;
import dev.racnn.data.Dataset;
import dev.racnn.data.InMemoryDataset;
import java.util.Arrays;
import java.util.List;

/** Images of one grey each, for the classifiers of {@link LinearModel}. */
final class GreyImages {
    private GreyImages() {}

    /** All of class 0. */
    static Dataset of(int... greys) {
        int bytes = LinearModel.SIZE.bytes();
        byte[] pixels = new byte[greys.length * bytes];
        for (int i = 0; i < greys.length; i++) {
            Arrays.fill(pixels, i * bytes, (i + 1) * bytes, (byte) greys[i]);
        }
        return new InMemoryDataset(LinearModel.SIZE, List.of("dark", "light", "never"), new int[greys.length], pixels);
    }
}
