package dev.racnn.data;

import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A few images of a data set as tensors.
 *
 * @param indices which images, in order
 * @param images float32 [B, 3, H, W] in [0, 1]
 * @param labels int64 [B]
 * @param pixels the images as bytes, one after the other in the order channel, row, column; not copied
 */
public record Batch(int[] indices, Tensor images, Tensor labels, byte[] pixels) {
    /** The images at the given indices, as they are. */
    public static Batch of(Dataset data, int... indices) {
        return read(data, indices, null, 0);
    }

    /**
     * The images from {@code start} up to but not including {@code end}, as they are. As many after them are announced, so that
     * whoever goes through a data set range by range computes while the next range is read.
     */
    public static Batch range(Dataset data, int start, int end) {
        Batch batch = of(data, IntStream.range(start, end).toArray());
        int next = Math.min(data.size(), end + (end - start));
        data.prefetch(IntStream.range(end, next).toArray());
        return batch;
    }

    /** The images at the given indices as an epoch shows them. */
    public static Batch augmented(Dataset data, int[] indices, Augmentation augmentation, long epoch) {
        return read(data, indices, augmentation, epoch);
    }

    /** The images at the given indices and their labels, for somebody who does not look at pixels: there are none. */
    public static Batch named(Dataset data, int... indices) {
        int[] labels = Arrays.stream(indices).map(data::label).toArray();
        return new Batch(indices, Tensors.of(new float[0], 0), Tensors.of(labels), new byte[0]);
    }

    /** Number of images. */
    public int size() {
        return indices.length;
    }

    private static Batch read(Dataset data, int[] indices, @Nullable Augmentation augmentation, long epoch) {
        ImageSize size = data.imageSize();
        byte[] pixels = new byte[indices.length * size.bytes()];
        int[] labels = new int[indices.length];
        IntStream.range(0, indices.length).parallel().forEach(i -> {
            labels[i] = data.label(indices[i]);
            if (augmentation == null) {
                data.pixels(indices[i], pixels, i * size.bytes());
            } else {
                byte[] plain = new byte[size.bytes()];
                data.pixels(indices[i], plain, 0);
                augmentation.apply(epoch, indices[i], size, plain, 0, pixels, i * size.bytes());
            }
        });
        Tensor images = Tensors.ofPixels(pixels, indices.length, ImageSize.CHANNELS, size.height(), size.width());
        return new Batch(indices, images, Tensors.of(labels), pixels);
    }
}
