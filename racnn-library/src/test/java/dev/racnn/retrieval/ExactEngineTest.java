package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongPredicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine that finds all true neighbours must do. */
public abstract class ExactEngineTest {
    protected abstract EngineFactory engine();

    @ParameterizedTest(name = "{0} candidates, {1} dimensions, {2} queries, k = {3}, {4} threads")
    @CsvSource({
        "1, 1, 1, 1, 1",
        "5, 3, 2, 5, 2",
        "47, 7, 3, 10, 1",
        "48, 16, 4, 1, 3",
        "1000, 33, 130, 10, 1",
        "1000, 33, 130, 10, 2",
        "700, 128, 257, 100, 3",
        "500, 700, 9, 11, 2",
        "300, 3072, 5, 3, 1"
    })
    public void equals_brute_force_in_double_precision(int candidates, int dimension, int queries, int k, int threads) {
        ClusteredKeys source = new ClusteredKeys(dimension, 5, 4, 1);
        ArrayKeys keys = ArrayKeys.numbered(source.draw(candidates, 2), dimension);
        float[] asked = source.draw(queries, 3);
        try (RetrievalEngine engine = engine().build(keys, threads)) {
            assertSame(engine.search(asked, k), BruteForce.search(keys, asked, k, _ -> true));
        }
    }

    @Test
    public void distances_of_a_right_triangle_are_those_of_pythagoras() {
        ArrayKeys keys = new ArrayKeys(new long[] {7, 3}, new float[] {3, 4, 0, 1}, 2);
        try (RetrievalEngine engine = engine().build(keys, 1)) {
            Neighbours found = engine.search(new float[] {0, 0}, 2);
            assertThat(found.ids()).containsExactly(3, 7);
            assertThat(found.squaredDistances()).containsExactly(1, 25);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1e3f, 1e6f})
    public void neighbours_are_right_far_from_the_origin_where_norms_dwarf_distances(float offset) {
        Random random = new Random(4);
        float[] values = new float[400 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = offset + (float) random.nextGaussian();
        }
        // One stray key pulls the mean away, so that centring alone would not help.
        Arrays.fill(values, 0, 20, -400 * offset);
        ArrayKeys keys = ArrayKeys.numbered(values, 20);
        float[] queries = Arrays.copyOfRange(values, 20, 30 * 20);
        try (RetrievalEngine engine = engine().build(keys, 2)) {
            Neighbours found = engine.search(queries, 5);
            assertSame(found, BruteForce.search(keys, queries, 5, _ -> true));
            for (int query = 0; query < found.queries(); query++) {
                assertThat(found.squaredDistance(query, 0)).isZero();
            }
        }
    }

    @Test
    public void equal_distances_are_ordered_by_id_even_when_all_keys_are_equal() {
        int candidates = 1000;
        long[] ids = new long[candidates];
        Arrays.setAll(ids, row -> (row * 7919L) % 10_007);
        ArrayKeys keys = new ArrayKeys(ids, new float[candidates * 4], 4);
        long[] smallest = Arrays.stream(ids).sorted().limit(20).toArray();
        try (RetrievalEngine engine = engine().build(keys, 2)) {
            assertThat(engine.search(new float[] {1, 2, 3, 4}, 20).ids()).containsExactly(smallest);
        }
    }

    @Test
    public void one_query_and_a_batch_give_the_same_answer_for_any_number_of_threads() {
        ClusteredKeys source = new ClusteredKeys(24, 8, 5, 5);
        ArrayKeys keys = ArrayKeys.numbered(source.draw(2000, 6), 24);
        float[] queries = source.draw(200, 7);
        try (RetrievalEngine one = engine().build(keys, 1);
                RetrievalEngine four = engine().build(keys, 4)) {
            Neighbours batch = one.search(queries, 9);
            assertSame(four.search(queries, 9), batch);
            for (int query = 0; query < 200; query++) {
                float[] single = Arrays.copyOfRange(queries, query * 24, (query + 1) * 24);
                long[] expected = Arrays.copyOfRange(batch.ids(), query * 9, (query + 1) * 9);
                assertThat(one.search(single, 9).ids()).containsExactly(expected);
                assertThat(four.search(single, 9).ids()).containsExactly(expected);
            }
        }
    }

    @ParameterizedTest(name = "every {0}th accepted")
    @ValueSource(ints = {2, 10, 100})
    public void a_filter_gives_the_nearest_of_the_accepted(int step) {
        ClusteredKeys source = new ClusteredKeys(16, 8, 5, 8);
        ArrayKeys keys = ArrayKeys.numbered(source.draw(3000, 9), 16);
        float[] queries = source.draw(10, 10);
        LongPredicate accepted = id -> id % step == 1;
        try (RetrievalEngine engine = engine().build(keys, 2)) {
            assertSame(engine.search(queries, 10, accepted), BruteForce.search(keys, queries, 10, accepted));
        }
    }

    @Test
    public void no_query_gives_no_neighbours() {
        try (RetrievalEngine engine = engine().build(ArrayKeys.numbered(new float[6], 2), 1)) {
            assertThat(engine.search(new float[0], 2).queries()).isZero();
        }
    }

    @Test
    public void bad_keys_and_queries_are_refused_with_the_rule_and_the_value() {
        assertThatThrownBy(() -> engine().build(new ArrayKeys(new long[] {4, 9, 4}, new float[3], 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unique")
                .hasMessageContaining("4");
        assertThatThrownBy(() -> engine().build(ArrayKeys.numbered(new float[] {0, Float.NaN}, 2), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("component 1 of the key of candidate 0")
                .hasMessageContaining("NaN");
        try (RetrievalEngine engine = engine().build(ArrayKeys.numbered(new float[6], 2), 1)) {
            assertThatThrownBy(() -> engine.search(new float[3], 1)).hasMessageContaining("dimension 2");
            assertThatThrownBy(() -> engine.search(new float[2], 4)).hasMessageContaining("but was 4");
            assertThatThrownBy(() -> engine.search(new float[2], 0)).hasMessageContaining("but was 0");
            assertThatThrownBy(() -> engine.search(new float[] {0, Float.POSITIVE_INFINITY}, 1))
                    .hasMessageContaining("component 1 of query 0");
            assertThatThrownBy(() -> engine.search(new float[2], 2, id -> id == 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("accepts 1 candidates, fewer than k = 2");
        }
    }

    static void assertSame(Neighbours actual, Neighbours expected) {
        assertThat(actual.ids()).containsExactly(expected.ids());
        for (int i = 0; i < expected.squaredDistances().length; i++) {
            float distance = expected.squaredDistances()[i];
            assertThat(actual.squaredDistances()[i]).isCloseTo(distance, Offset.offset(Math.ulp(distance)));
        }
    }
}
