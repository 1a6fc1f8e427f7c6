package dev.racnn.data;

import java.util.List;

/**
 * Labelled images of one size, addressed by index. Implementations are immutable and safe for concurrent reads.
 */
public interface Dataset {
    /** Number of images. */
    int size();

    /** Height and width of every image; images have three channels. */
    ImageSize imageSize();

    /** Names of the classes; a label is an index into this list. */
    List<String> classNames();

    /** The label of an image, from 0 to {@code classNames().size() - 1}. */
    int label(int index);

    /**
     * Copies the pixels of an image: unsigned bytes in the order channel (red, green, blue), row, column.
     *
     * @param target at least {@code offset + 3 * height * width} long
     */
    void pixels(int index, byte[] target, int offset);

    /** Announces images that will be asked for next, so that they may be got ready in the background. */
    default void prefetch(int... indices) {}

    /** What tells this image apart for a person: the file name of an image folder, or the index. */
    default String name(int index) {
        return Integer.toString(index);
    }

    /** Height and width that an image had before it was brought to the size of the others. */
    default ImageSize originalSize(int index) {
        return imageSize();
    }

    /** What of the place that the images come from is not used, and what may surprise: lines for people. */
    default List<String> remarks() {
        return List.of();
    }
}
