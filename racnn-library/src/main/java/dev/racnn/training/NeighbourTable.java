package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.KeyExtractor;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * The neighbours of every image of a data set, computed once because phi' does not change while a RaCNN trains.
 *
 * @param k neighbours per image
 * @param ids row-major [images, k]: candidate ids, which are indices into the candidate images
 */
record NeighbourTable(int k, int[] ids) {
    private static final int BATCH = 500;

    /**
     * Retrieves the neighbours of all images.
     *
     * @param images how many there are
     * @param keys of a range of them
     * @param excludeSelf whether image i must not get candidate i (then K + 1 are retrieved and i is dropped)
     */
    static NeighbourTable of(int images, KeyRange keys, RetrievalEngine engine, int k, boolean excludeSelf) {
        int[] table = new int[images * k];
        int wanted = excludeSelf ? k + 1 : k;
        requireEnough(engine.size(), k, excludeSelf);
        int step = Device.current().batch(BATCH);
        for (int start = 0; start < images; start += step) {
            int end = Math.min(start + step, images);
            Neighbours found = engine.search(keys.of(start, end), wanted);
            for (int query = 0; query < end - start; query++) {
                int written = 0;
                for (int rank = 0; rank < wanted && written < k; rank++) {
                    long id = found.id(query, rank);
                    if (!excludeSelf || id != start + query) {
                        table[(start + query) * k + written++] = Math.toIntExact(id);
                    }
                }
            }
        }
        return new NeighbourTable(k, table);
    }

    /** As the other {@code of}, with keys that an extractor computes. */
    static NeighbourTable of(Dataset data, KeyExtractor extractor, RetrievalEngine engine, int k, boolean excludeSelf) {
        return of(data.size(), (start, end) -> keys(data, extractor, start, end), engine, k, excludeSelf);
    }

    /** Keys of consecutive images. */
    @FunctionalInterface
    interface KeyRange {
        /** Row-major [end - start, d']. */
        float[] of(int start, int end);

        /** Keys as they are stored, image i in row i. */
        static KeyRange of(Keys stored) {
            return (start, end) -> {
                float[] keys = new float[(end - start) * stored.dimension()];
                for (int row = start; row < end; row++) {
                    stored.copyKey(row, keys, (row - start) * stored.dimension());
                }
                return keys;
            };
        }
    }

    /** @throws IllegalArgumentException if there are too few candidates for K neighbours */
    static void requireEnough(int candidates, int k, boolean excludeSelf) {
        if (candidates < (excludeSelf ? k + 1 : k)) {
            throw new IllegalArgumentException(
                    "retrieval.neighbours is %s, but the candidate set holds %s images%s; use fewer neighbours or more candidates"
                            .formatted(k, candidates, excludeSelf ? ", one of them the query itself" : ""));
        }
    }

    /** Keys of the images from {@code start} up to but not including {@code end}, row-major. */
    static float[] keys(Dataset data, KeyExtractor extractor, int start, int end) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            return Tensors.toFloats(extractor.keys(Batch.range(data, start, end).images()));
        }
    }

    /** The neighbours of a batch of images, row-major [images, k]. */
    int[] of(int[] images) {
        int[] neighbours = new int[images.length * k];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(ids, images[i] * k, neighbours, i * k, k);
        }
        return neighbours;
    }
}
