package dev.racnn.attack;

import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.TorchScriptClassifier;
import dev.racnn.model.TorchScriptSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small CNN (60.5 % on CIFAR-10), the first 48 CIFAR-10 test images, and the distances that Foolbox 2d468cb6 reached on
 * them.
 */
public final class Golden {
    private static final int RECORD = 3073;
    private static final ImageSize SIZE = new ImageSize(32, 32);

    private Golden() {}

    /** The TorchScript model. */
    public static Classifier open() {
        try {
            return TorchScriptClassifier.open(file("open.pt"), TorchScriptSettings.plain(10));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first {@code count} of the 48 images. */
    public static Examples examples(int count) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("cifar10-test-0-47.bin"))) {
            byte[] bytes = in.readAllBytes();
            float[][] images = new float[count][SIZE.bytes()];
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = bytes[i * RECORD];
                for (int j = 0; j < SIZE.bytes(); j++) {
                    images[i][j] =
                            (float) (Byte.toUnsignedInt(bytes[i * RECORD + 1 + j]) / 255.0 * Bounds.UNIT.range());
                }
            }
            return new Examples(SIZE, images, labels, IntStream.range(0, count).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Mean squared distances of an attack, infinity for a failed one. */
    public static double[] distances(String attack, int count) {
        JsonNode distances = JsonMapper.shared()
                .readTree(file("open-foolbox-2d468cb6.json").toFile())
                .path("distances")
                .path(attack);
        return IntStream.range(0, count)
                .mapToDouble(i -> distances.get(i).asDouble(Double.POSITIVE_INFINITY))
                .toArray();
    }

    static Path file(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(Golden.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
