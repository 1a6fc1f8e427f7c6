package dev.racnn.data;

import java.io.IOException;
import java.util.stream.IntStream;

/**
 * A source whose training images are shared out: every other one, beginning with the first, makes D, and the others make D'.
 * So a candidate set of its own can be tried where data have none.
 *
 * @param whole where the images come from
 */
public record DisjointHalves(DataSource whole) implements DataSource {
    @Override
    public Dataset train() throws IOException {
        return half(0);
    }

    @Override
    public Dataset test() throws IOException {
        return whole.test();
    }

    @Override
    public Dataset candidates() throws IOException {
        return half(1);
    }

    @Override
    public boolean candidatesAreTraining() {
        return false;
    }

    @Override
    public DataSource preprocessed(Preprocessing preprocessing) {
        return new DisjointHalves(whole.preprocessed(preprocessing));
    }

    private Dataset half(int first) throws IOException {
        Dataset all = whole.train();
        return new Subset(
                all, IntStream.iterate(first, i -> i < all.size(), i -> i + 2).toArray());
    }

    @Override
    public String toString() {
        return whole + " in disjoint halves";
    }
}
