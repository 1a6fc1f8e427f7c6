package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactSearchTest extends ExactEngineTest {
    @TempDir
    private Path folder;

    @Override
    protected EngineFactory engine() {
        return new Exact();
    }

    /** Low-dimensional keys settle with the first list, noise only when lists have grown to all candidates. */
    @ParameterizedTest(name = "{0} axes with spread, {1} queries, k = {2}, {3} threads")
    @CsvSource({"6, 130, 10, 1", "20, 40, 100, 2", "40, 3, 1, 3", "120, 9, 10, 2"})
    void bounds_from_principal_components_lose_no_neighbour(int axes, int queries, int k, int threads) {
        int dimension = 120;
        int candidates = 900;
        Random random = new Random(axes);
        float[] values = new float[(candidates + queries) * dimension];
        for (int i = 0; i < values.length; i++) {
            double spread = i % dimension < axes ? 3 : 0.3;
            values[i] = 50 + (float) (spread * random.nextGaussian());
        }
        ArrayKeys keys = ArrayKeys.numbered(Arrays.copyOf(values, candidates * dimension), dimension);
        float[] asked = Arrays.copyOfRange(values, candidates * dimension, values.length);
        LongPredicate odd = id -> id % 2 == 1;
        try (RetrievalEngine engine = new Exact(30, 1).build(keys, threads)) {
            assertSame(engine.search(asked, k), BruteForce.search(keys, asked, k, _ -> true));
            assertSame(engine.search(asked, k, odd), BruteForce.search(keys, asked, k, odd));
        }
    }

    @ParameterizedTest(name = "{0} axes with spread")
    @CsvSource({"10, 96", "100, 192", "300, 480"})
    void as_many_components_are_scanned_as_keep_nearly_all_of_the_variance(int axes, int components)
            throws IOException {
        int dimension = 640;
        Random random = new Random(5);
        float[] values = new float[1500 * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i % dimension < axes ? 1 : 0.002) * random.nextGaussian());
        }
        ArrayKeys keys = ArrayKeys.numbered(values, dimension);
        Path saved = folder.resolve("saved-" + axes);
        try (RetrievalEngine engine = new Exact().build(keys, saved, 2)) {
            assertThat(Files.size(saved.resolve("projected.bin"))).isEqualTo(4L * 1500 * components);
            float[] asked = Arrays.copyOf(values, 20 * dimension);
            assertSame(engine.search(asked, 10), BruteForce.search(keys, asked, 10, _ -> true));
        }
    }

    /** A query far off the candidates' subspace: its components say next to nothing about distances. */
    @Test
    void a_query_unlike_any_candidate_still_gets_its_true_neighbours() {
        int dimension = 64;
        Random random = new Random(3);
        float[] values = new float[2000 * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i % dimension < 8 ? 1 : 0.01) * random.nextGaussian());
        }
        ArrayKeys keys = ArrayKeys.numbered(values, dimension);
        float[] query = new float[dimension];
        Arrays.fill(query, 8, dimension, 1000);
        try (RetrievalEngine engine = new Exact(16, 1).build(keys, 1)) {
            assertSame(engine.search(query, 10), BruteForce.search(keys, query, 10, _ -> true));
        }
    }
}
