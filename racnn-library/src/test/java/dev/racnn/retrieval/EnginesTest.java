package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesTest {
    private static final int DIMENSION = 40;
    private static final ClusteredKeys SOURCE = new ClusteredKeys(DIMENSION, 20, 6, 1);
    private static final ArrayKeys KEYS = shuffledIds(SOURCE.draw(1500, 2));
    private static final float[] QUERIES = SOURCE.draw(30, 3);

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} finds {1} of the neighbours")
    @CsvSource(
            delimiter = '|',
            value = {
                "lsh:bits=8 | 0.95",
                "lsh:bits=8,project=20,shortlist=100 | 0.9",
                "codes | 0.99",
                "codes:project=30,shortlist=300 | 0.95",
                "hnsw | 0.99",
                "hnsw:project=20,shortlist=100 | 0.95",
                "lsh:bits=8,components=20,shortlist=100 | 0.95",
                "codes:components=30,shortlist=300 | 0.98",
                "codes:fresh=true,components=30,shortlist=300 | 0.98",
                "hnsw:components=20,shortlist=100 | 0.98"
            })
    void approximate_engines_find_most_neighbours_and_report_their_true_distances(String spec, double recall) {
        try (RetrievalEngine engine = EngineFactory.parse(spec).build(KEYS, 2)) {
            Neighbours found = engine.search(QUERIES, 10);
            Neighbours truth = BruteForce.search(KEYS, QUERIES, 10, _ -> true);
            assertThat(RetrievalQuality.of(found, truth).recall()).isGreaterThanOrEqualTo(recall);
            assertSorted(found);
        }
    }

    @Test
    void tables_that_are_drawn_for_each_query_answer_at_random_and_are_the_tables_that_there_are() {
        try (RetrievalEngine all = EngineFactory.parse("lsh:bits=8").build(KEYS, 2);
                RetrievalEngine every =
                        EngineFactory.parse("lsh:bits=8,drawn=32").build(KEYS, 2);
                RetrievalEngine few =
                        EngineFactory.parse("lsh:bits=8,drawn=4,shortlist=10").build(KEYS, 2);
                RetrievalEngine again =
                        EngineFactory.parse("lsh:bits=8,drawn=4,shortlist=10").build(KEYS, 1)) {
            assertThat(every.search(QUERIES, 10).ids())
                    .isEqualTo(all.search(QUERIES, 10).ids());
            Neighbours first = few.search(QUERIES, 10);
            assertThat(few.search(QUERIES, 10).ids()).isNotEqualTo(first.ids());
            // The same seed, and the same questions in the same order.
            assertThat(again.search(QUERIES, 10).ids()).isEqualTo(first.ids());
            Neighbours truth = BruteForce.search(KEYS, QUERIES, 10, _ -> true);
            assertThat(RetrievalQuality.of(first, truth).recall()).isBetween(0.3, 0.99);
            assertThat(all.deterministic()).isTrue();
            assertThat(few.deterministic()).isFalse();
        }
        assertThatThrownBy(() -> EngineFactory.parse("lsh:tables=4,drawn=5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("drawn");
    }

    @Test
    void projections_that_are_drawn_for_each_search_answer_at_random_but_the_same_with_a_seed() throws IOException {
        EngineFactory fresh = EngineFactory.parse("codes:fresh=true,bits=64,components=16,shortlist=20");
        EngineFactory other = EngineFactory.parse("codes:fresh=true,bits=64,components=16,shortlist=20,seed=2");
        Path index = folder.resolve("fresh");
        try (RetrievalEngine first = fresh.build(KEYS, 2);
                RetrievalEngine again = fresh.build(KEYS, 1);
                RetrievalEngine another = other.build(KEYS, 1);
                RetrievalEngine saved = ((IndexFactory) fresh).build(KEYS, index, 1)) {
            assertThat(first.deterministic()).isFalse();
            List<long[]> answers = Stream.generate(
                            () -> first.search(QUERIES, 10).ids())
                    .limit(20)
                    .toList();
            assertThat(answers).doesNotHaveDuplicates();
            assertThat(again.search(QUERIES, 10).ids()).isEqualTo(answers.getFirst());
            assertThat(again.search(QUERIES, 10).ids()).isEqualTo(answers.get(1));
            assertThat(saved.search(QUERIES, 10).ids()).isEqualTo(answers.getFirst());
            assertThat(another.search(QUERIES, 10).ids()).isNotEqualTo(answers.getFirst());
            // One draw finds some of the neighbours, all draws together nearly all: none is hidden from every draw.
            long[] truth = BruteForce.search(KEYS, QUERIES, 10, _ -> true).ids();
            int sometimes = 0;
            int ever = 0;
            for (int i = 0; i < truth.length; i++) {
                int query = i / 10;
                long neighbour = truth[i];
                long times = answers.stream()
                        .filter(ids ->
                                Arrays.stream(ids, query * 10, query * 10 + 10).anyMatch(id -> id == neighbour))
                        .count();
                ever += times > 0 ? 1 : 0;
                sometimes += times > 0 && times < answers.size() ? 1 : 0;
            }
            assertThat(ever).isGreaterThan(truth.length * 97 / 100);
            assertThat(sometimes).isGreaterThan(truth.length / 10);
        }
    }

    @Test
    void a_walk_begins_in_the_cluster_of_its_query() {
        ClusteredKeys clusters = new ClusteredKeys(DIMENSION, 100, 12, 4);
        ArrayKeys keys = ArrayKeys.numbered(clusters.draw(6000, 5), DIMENSION);
        float[] queries = clusters.draw(300, 6);
        try (RetrievalEngine engine = EngineFactory.parse("hnsw:shortlist=30").build(keys, 1)) {
            Neighbours truth = BruteForce.search(keys, queries, 10, _ -> true);
            assertThat(RetrievalQuality.of(engine.search(queries, 10), truth).recall())
                    .isGreaterThanOrEqualTo(0.98);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact:components=8",
                "lsh:project=20",
                "codes:project=20",
                "hnsw:project=20",
                "lsh",
                "codes",
                "hnsw"
            })
    void one_query_and_a_batch_give_the_same_answer(String spec) {
        try (RetrievalEngine engine = EngineFactory.parse(spec).build(KEYS, 2)) {
            Neighbours batch = engine.search(QUERIES, 7);
            for (int query = 0; query < batch.queries(); query++) {
                float[] alone = Arrays.copyOfRange(QUERIES, query * DIMENSION, (query + 1) * DIMENSION);
                assertThat(engine.search(alone, 7).ids())
                        .containsExactly(Arrays.copyOfRange(batch.ids(), query * 7, (query + 1) * 7));
            }
        }
    }

    @ParameterizedTest(name = "{0}, every {1}th accepted")
    @CsvSource(
            delimiter = '|',
            value = {
                "lsh:bits=8 | 2",
                "lsh | 120",
                "codes | 3",
                "codes | 120",
                "hnsw | 1",
                "hnsw | 2",
                "hnsw | 3",
                "hnsw | 40",
                "hnsw | 120"
            })
    void a_filter_leaves_only_what_it_accepts(String spec, int step) {
        LongPredicate accepted = id -> id % step == 0;
        try (RetrievalEngine engine = EngineFactory.parse(spec).build(KEYS, 2)) {
            Neighbours found = engine.search(QUERIES, 10, accepted);
            assertThat(Arrays.stream(found.ids()).allMatch(accepted)).isTrue();
            Neighbours truth = BruteForce.search(KEYS, QUERIES, 10, accepted);
            assertThat(RetrievalQuality.of(found, truth).recall()).isGreaterThan(0.9);
            assertThatThrownBy(() -> engine.search(QUERIES, 10, id -> id < 5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("accepts 5 candidates, fewer than k = 10");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lsh", "codes", "hnsw", "exact"})
    void every_candidate_can_be_asked_for(String spec) {
        ArrayKeys few = ArrayKeys.numbered(SOURCE.draw(9, 5), DIMENSION);
        float[] query = SOURCE.draw(1, 6);
        try (RetrievalEngine engine = EngineFactory.parse(spec).build(few, 1)) {
            assertThat(engine.search(query, 9).ids())
                    .containsExactly(BruteForce.search(few, query, 9, _ -> true).ids());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact",
                "exact:components=16",
                "lsh:tables=4",
                "lsh:project=16",
                "codes",
                "hnsw",
                "hnsw:components=16"
            })
    void a_saved_engine_opens_and_gives_the_same_answers(String spec) throws IOException {
        Path index = folder.resolve("index");
        Neighbours before;
        try (RetrievalEngine engine = ((IndexFactory) EngineFactory.parse(spec)).build(KEYS, index, 2)) {
            before = engine.search(QUERIES, 10);
        }
        assertThat(Engines.settings(index)).hasToString(spec);
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
        try (RetrievalEngine engine = Engines.open(index, KEYS, 1)) {
            Neighbours after = engine.search(QUERIES, 10);
            assertThat(after.ids()).containsExactly(before.ids());
            assertThat(after.squaredDistances()).containsExactly(before.squaredDistances());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact:components=16", "lsh:tables=2", "codes", "hnsw"})
    void a_flipped_byte_in_any_file_is_found_when_the_index_is_opened(String spec) throws IOException {
        Path index = folder.resolve("index");
        ((IndexFactory) EngineFactory.parse(spec)).build(KEYS, index, 1).close();
        List<Path> files;
        try (Stream<Path> listed = Files.list(index)) {
            files = listed.toList();
        }
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            for (int at : new int[] {0, content.length / 2, content.length - 2}) {
                byte[] flipped = content.clone();
                flipped[at] ^= 4;
                Files.write(file, flipped);
                assertThatThrownBy(() -> Engines.open(index, KEYS, 1).close())
                        .as("byte %d of %s", at, file)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("build");
            }
            Files.write(file, content);
        }
        Engines.open(index, KEYS, 1).close();
    }

    @Test
    void an_index_that_does_not_fit_is_refused_with_the_reason() throws IOException {
        Path index = folder.resolve("index");
        new Codes().build(KEYS, index, 1).close();
        ArrayKeys others = shuffledIds(SOURCE.draw(1500, 99));
        assertThatThrownBy(() -> Engines.open(index, others, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fingerprint");
        assertThatThrownBy(() -> Engines.open(index, ArrayKeys.numbered(new float[60], 30), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is of 1500 keys of dimension 40, but the candidates have 2 of dimension 30");
        Path manifest = index.resolve("index.json");
        Files.writeString(
                manifest, Files.readString(manifest).replace("\"formatVersion\" : 2", "\"formatVersion\" : 3"));
        assertThatThrownBy(() -> Engines.open(index, KEYS, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format version 3, but this program reads version 2");
        Files.delete(manifest);
        assertThatThrownBy(() -> Engines.open(index, KEYS, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist or its building was not finished");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "codes", "codes:shortlist=10", "lsh"})
    void of_equal_keys_those_with_the_lowest_ids_are_found(String spec) {
        int size = 1000;
        long[] ids = new long[size];
        Arrays.setAll(ids, row -> size - 1 - row);
        float[] equal = new float[size * DIMENSION];
        Arrays.fill(equal, 3);
        try (RetrievalEngine engine = EngineFactory.parse(spec).build(new ArrayKeys(ids, equal, DIMENSION), 1)) {
            assertThat(engine.search(new float[DIMENSION], 5).ids()).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "codes"})
    void a_closed_engine_says_so(String spec) {
        RetrievalEngine engine = EngineFactory.parse(spec).build(KEYS, 2);
        engine.close();
        assertThatThrownBy(() -> engine.search(QUERIES, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void a_failure_is_thrown_when_no_thread_works_any_more() {
        CyclicBarrier started = new CyclicBarrier(3);
        AtomicInteger working = new AtomicInteger();
        try (Workers workers = new Workers(3)) {
            assertThatThrownBy(() -> workers.forEach(3, task -> {
                        working.incrementAndGet();
                        try {
                            started.await();
                            if (task < 2) {
                                throw new IllegalArgumentException("task " + task);
                            }
                            LockSupport.parkNanos(50_000_000);
                        } catch (InterruptedException | BrokenBarrierException e) {
                            throw new IllegalStateException(e);
                        } finally {
                            working.decrementAndGet();
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(working).hasValue(0);
    }

    @Test
    void a_failed_build_leaves_nothing() {
        float[] bad = SOURCE.draw(10, 1);
        bad[DIMENSION * 7 + 3] = Float.NaN;
        ArrayKeys keys = ArrayKeys.numbered(bad, DIMENSION);
        assertThatThrownBy(() -> new Hnsw().build(keys, folder.resolve("index"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("component 3 of the key of candidate 7");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_index_is_not_replaced_in_its_place() throws IOException {
        Path index = folder.resolve("index");
        new Codes().build(KEYS, index, 1).close();
        assertThatThrownBy(() -> new Lsh().build(KEYS, index, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there already");
        Engines.open(index, KEYS, 1).close();
    }

    private static void assertSorted(Neighbours found) {
        float[] key = new float[DIMENSION];
        for (int query = 0; query < found.queries(); query++) {
            for (int rank = 0; rank < found.k(); rank++) {
                KEYS.copyKey(rowOf(found.id(query, rank)), key, 0);
                double sum = 0;
                for (int t = 0; t < DIMENSION; t++) {
                    double difference = (double) key[t] - QUERIES[query * DIMENSION + t];
                    sum += difference * difference;
                }
                assertThat(found.squaredDistance(query, rank))
                        .isBetween(Math.nextDown((float) sum), Math.nextUp((float) sum));
                if (rank > 0) {
                    assertThat(found.squaredDistance(query, rank))
                            .isGreaterThanOrEqualTo(found.squaredDistance(query, rank - 1));
                }
            }
        }
    }

    /** Ids that are a permutation of the rows, so that one is not mistaken for the other. */
    private static ArrayKeys shuffledIds(float[] values) {
        long[] ids = new long[values.length / DIMENSION];
        Arrays.setAll(ids, row -> row * 1237L % ids.length);
        return new ArrayKeys(ids, values, DIMENSION);
    }

    private static int rowOf(long id) {
        for (int row = 0; row < KEYS.size(); row++) {
            if (KEYS.id(row) == id) {
                return row;
            }
        }
        throw new AssertionError("no candidate has id " + id);
    }
}
