package dev.racnn.training;

import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import java.util.List;
import java.util.SplittableRandom;

/** Noisy images of three classes that differ in their brightest channel: learnable in seconds. */
record SyntheticImages(int size, long seed) implements Dataset {
    private static final int NOISE = 120;
    private static final int SIGNAL = 100;

    @Override
    public ImageSize imageSize() {
        return new ImageSize(32, 32);
    }

    @Override
    public List<String> classNames() {
        return List.of("red", "green", "blue");
    }

    @Override
    public int label(int index) {
        return index % 3;
    }

    @Override
    public void pixels(int index, byte[] target, int offset) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + index);
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            int base = channel == label(index) ? SIGNAL : 0;
            for (int i = 0; i < 1024; i++) {
                target[offset + channel * 1024 + i] = (byte) (base + random.nextInt(NOISE));
            }
        }
    }
}
