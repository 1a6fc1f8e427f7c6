package dev.racnn.data;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Some images of another data set, in an order of their own.
 *
 * @param indices indices into {@code dataset}; not copied, must not be changed
 */
public record Subset(Dataset dataset, int[] indices) implements Dataset {
    public Subset {
        for (int index : indices) {
            Objects.checkIndex(index, dataset.size());
        }
    }

    /**
     * At most {@code limit} images from number {@code start}.
     *
     * @throws IllegalArgumentException if there is no such image
     */
    public static Subset range(Dataset dataset, int start, int limit) {
        if (start < 0 || start >= dataset.size()) {
            throw new IllegalArgumentException(
                    "start must be from 0 to " + (dataset.size() - 1) + ", the last image, but is " + start);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1 image, but is " + limit);
        }
        int end = (int) Math.min(dataset.size(), (long) start + limit);
        return new Subset(dataset, IntStream.range(start, end).toArray());
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public ImageSize imageSize() {
        return dataset.imageSize();
    }

    @Override
    public List<String> classNames() {
        return dataset.classNames();
    }

    @Override
    public int label(int index) {
        return dataset.label(indices[index]);
    }

    @Override
    public void pixels(int index, byte[] target, int offset) {
        dataset.pixels(indices[index], target, offset);
    }

    @Override
    public String name(int index) {
        return dataset.name(indices[index]);
    }
}
