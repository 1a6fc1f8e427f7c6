package dev.racnn.data;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Some images of another data set, in an order of their own.
 *
 * @param indices indices into {@code dataset}; not copied, must not be changed
 */
public record Subset(Dataset dataset, int[] indices) implements Dataset {
    private static final int AT_ONCE = 1000;

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

    /** At most so many images, spread evenly over a data set; all of a smaller one. */
    public static Subset spread(Dataset dataset, int most) {
        int count = Math.min(most, dataset.size());
        return new Subset(
                dataset,
                IntStream.range(0, count)
                        .map(i -> (int) ((long) i * dataset.size() / count))
                        .toArray());
    }

    /**
     * The images that can be read, in their order; the data set itself if that is all of them. Reads every image, many at a
     * time.
     *
     * @param unreadable is told of each of the others what is wrong with it
     * @param done is told now and then, by the calling thread, how many images have been looked at
     * @throws IllegalArgumentException if no image can be read
     */
    public static Dataset readable(Dataset dataset, Consumer<String> unreadable, IntConsumer done) {
        IntStream.Builder kept = IntStream.builder();
        for (int start = 0; start < dataset.size(); start += AT_ONCE) {
            int first = start;
            int end = Math.min(start + AT_ONCE, dataset.size());
            List<Optional<String>> faults = IntStream.range(start, end)
                    .parallel()
                    .mapToObj(image -> fault(dataset, image))
                    .toList();
            IntStream.range(start, end)
                    .filter(image -> faults.get(image - first).isEmpty())
                    .forEach(kept);
            faults.forEach(fault -> fault.ifPresent(unreadable));
            done.accept(end);
        }
        int[] indices = kept.build().toArray();
        if (indices.length == 0) {
            throw new IllegalArgumentException("none of the " + dataset.size() + " images can be read");
        }
        return indices.length == dataset.size() ? dataset : new Subset(dataset, indices);
    }

    private static Optional<String> fault(Dataset dataset, int image) {
        try {
            dataset.pixels(image, new byte[dataset.imageSize().bytes()], 0);
            return Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
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
    public void prefetch(int... announced) {
        dataset.prefetch(Arrays.stream(announced).map(index -> indices[index]).toArray());
    }

    @Override
    public String name(int index) {
        return dataset.name(indices[index]);
    }

    @Override
    public ImageSize originalSize(int index) {
        return dataset.originalSize(indices[index]);
    }

    @Override
    public List<String> remarks() {
        return dataset.remarks();
    }
}
