package dev.racnn.evaluation;

import dev.racnn.data.Cifar10;
import dev.racnn.data.Dataset;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Precision;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A RaCNN that a few steps have trained to tell noisy dark images from noisy light ones. */
public final class TinyBundle {
    private TinyBundle() {}

    /** Images of two classes, alternating. */
    public static Dataset images(int count, long seed) {
        Random random = new Random(seed);
        int bytes = Cifar10.IMAGE_SIZE.bytes();
        byte[] pixels = new byte[count * bytes];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < bytes; j++) {
                pixels[i * bytes + j] = (byte) (labels[i] * 90 + random.nextInt(140));
            }
        }
        return new InMemoryDataset(Cifar10.IMAGE_SIZE, List.of("dark", "light"), labels, pixels);
    }

    /** Trains it with K = 3 and builds its index over its training images. */
    public static void make(Path folder) throws IOException {
        Dataset data = images(24, 1);
        List<String> settings = List.of(
                "model=racnn",
                "precision=fp32",
                "training.epochs=2",
                "extractor.epochs=2",
                "training.batch=4",
                "extractor.batch=4",
                "retrieval.neighbours=3",
                "localMixup.steps=1");
        TrainingData images = new TrainingData("noise", data, images(8, 2), data);
        new Training(SettingsFile.read(null, settings), images, folder, "", TrainingListener.SILENT, 1)
                .run(false, null);
        try (Bundle bundle = Bundle.open(folder, Precision.FP32)) {
            bundle.buildIndex(data, _ -> {});
        }
    }
}
