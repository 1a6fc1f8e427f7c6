package dev.racnn.attack;

import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Tensors;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;

/**
 * Labelled images to attack.
 *
 * @param size height and width of every image
 * @param images pixels of each image in the order channel, row, column
 * @param labels true class of each image
 * @param indices index of each image in its data set: its name in reports, and the key of its random numbers
 */
public record Examples(ImageSize size, float[][] images, int[] labels, int[] indices) {
    public Examples {
        if (images.length != labels.length || images.length != indices.length) {
            throw new IllegalArgumentException(
                    "examples need as many images as labels and indices, but there are %s, %s and %s"
                            .formatted(images.length, labels.length, indices.length));
        }
        for (int i = 0; i < images.length; i++) {
            if (images[i].length != size.bytes()) {
                throw new IllegalArgumentException("example %s must have %s pixel values for %s, but has %s"
                        .formatted(indices[i], size.bytes(), size, images[i].length));
            }
        }
    }

    /**
     * A range of a data set, with pixel values 0..255 spread over the bounds.
     *
     * @throws IndexOutOfBoundsException if the range is not within the data set
     */
    public static Examples of(Dataset data, int start, int count, Bounds bounds) {
        Objects.checkFromIndexSize(start, count, data.size());
        ImageSize size = data.imageSize();
        byte[] bytes = new byte[size.bytes()];
        float[][] images = new float[count][size.bytes()];
        int[] labels = new int[count];
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = start + i;
            labels[i] = data.label(start + i);
            data.pixels(start + i, bytes, 0);
            for (int j = 0; j < bytes.length; j++) {
                images[i][j] = bounds.ofLevel(Byte.toUnsignedInt(bytes[j]));
            }
        }
        return new Examples(size, images, labels, indices);
    }

    /** How many there are. */
    public int count() {
        return labels.length;
    }

    /**
     * All images.
     *
     * @return float32 [n, 3, H, W], a copy
     */
    public Tensor tensor() {
        return tensor(size, images);
    }

    /** The examples at these positions, in this order. */
    public Examples at(int... positions) {
        float[][] chosen = new float[positions.length][];
        int[] chosenLabels = new int[positions.length];
        int[] chosenIndices = new int[positions.length];
        for (int i = 0; i < positions.length; i++) {
            chosen[i] = images[positions[i]];
            chosenLabels[i] = labels[positions[i]];
            chosenIndices[i] = indices[positions[i]];
        }
        return new Examples(size, chosen, chosenLabels, chosenIndices);
    }

    /** Images of this size as a float32 tensor [n, 3, H, W]. */
    public static Tensor tensor(ImageSize size, float[]... images) {
        float[] all = new float[images.length * size.bytes()];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(images[i], 0, all, i * size.bytes(), size.bytes());
        }
        return Tensors.of(all, images.length, ImageSize.CHANNELS, size.height(), size.width());
    }
}
