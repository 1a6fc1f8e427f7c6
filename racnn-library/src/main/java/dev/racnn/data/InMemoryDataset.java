package dev.racnn.data;

import java.util.List;
import java.util.Objects;

/**
 * A data set whose images lie in one array: {@code size()} images of {@code imageSize().bytes()} unsigned bytes each, in
 * the order channel (red, green, blue), row, column.
 */
public final class InMemoryDataset implements Dataset {
    private final ImageSize imageSize;
    private final List<String> classNames;
    private final int[] labels;
    private final byte[] pixels;

    /**
     * Takes over the arrays without copying them; the caller must not change them any more.
     *
     * @param labels one index into {@code classNames} for each image
     * @param pixels {@code labels.length * imageSize.bytes()} bytes
     * @throws IllegalArgumentException if the lengths do not fit, or a label is not one of the classes
     */
    public InMemoryDataset(ImageSize imageSize, List<String> classNames, int[] labels, byte[] pixels) {
        this.imageSize = imageSize;
        this.classNames = List.copyOf(classNames);
        this.labels = labels;
        this.pixels = pixels;
        long expected = (long) labels.length * imageSize.bytes();
        if (pixels.length != expected) {
            throw new IllegalArgumentException("pixels of " + labels.length + " images of " + imageSize + " must be "
                    + expected + " bytes, but are " + pixels.length);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException("label of image " + i + " must be from 0 to "
                        + (classNames.size() - 1) + ", but is " + labels[i]);
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageSize imageSize() {
        return imageSize;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void pixels(int index, byte[] target, int offset) {
        Objects.checkIndex(index, labels.length);
        System.arraycopy(pixels, index * imageSize.bytes(), target, offset, imageSize.bytes());
    }
}
