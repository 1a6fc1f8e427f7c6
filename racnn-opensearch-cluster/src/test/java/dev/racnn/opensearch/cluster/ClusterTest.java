package dev.racnn.opensearch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.bench.GeneratedKeys;
import dev.racnn.opensearch.OpenSearchEngine;
import dev.racnn.opensearch.OpenSearchSettings;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches a real cluster of three processes while one of them is killed. */
class ClusterTest {
    private static final int KEYS = Integer.getInteger("racnn.cluster.keys", 50_000);
    private static final int DIMENSION = 128;
    private static final int QUERIES = 1_000;
    private static final int K = 10;
    private static final int SEARCHERS = 2;

    @TempDir
    Path folder;

    @Test
    void a_killed_node_costs_no_answer_and_no_truth() throws IOException, InterruptedException, ExecutionException {
        GeneratedKeys generated = new GeneratedKeys(DIMENSION, 200, 12, 1);
        ArrayKeys keys = ArrayKeys.numbered(generated.draw(KEYS, 2), DIMENSION);
        float[] queries = generated.draw(QUERIES, 3);
        Neighbours truth;
        try (RetrievalEngine exact = new Exact().build(keys, 1)) {
            truth = exact.search(queries, K);
        }
        try (LoopbackCluster cluster = LoopbackCluster.start(folder)) {
            long start = System.nanoTime();
            try (OpenSearchEngine engine =
                    OpenSearchEngine.build(OpenSearchSettings.of(cluster.uris(), "racnn"), keys, _ -> {})) {
                double loadSeconds = seconds(start);
                Observer observer = new Observer(engine, keys, queries, truth);
                double[] single = observer.singleLatencies(300);
                double batchRate = observer.batchRate();
                AtomicBoolean done = new AtomicBoolean();
                try (ExecutorService threads = Executors.newFixedThreadPool(SEARCHERS)) {
                    List<Future<Observed>> searchers = List.of(
                            threads.submit(() -> observer.searchUntil(done, 0)),
                            threads.submit(() -> observer.searchUntil(done, QUERIES / SEARCHERS)));
                    TimeUnit.SECONDS.sleep(5);
                    cluster.killManager();
                    long killed = System.nanoTime();
                    cluster.await("\"number_of_nodes\":" + (ClusterNode.NODES - 1), Duration.ofMinutes(2));
                    double noticedSeconds = seconds(killed);
                    cluster.await("\"status\":\"green\"", Duration.ofMinutes(5));
                    double greenSeconds = seconds(killed);
                    done.set(true);
                    Observed observed = Observed.NOTHING;
                    for (Future<Observed> searcher : searchers) {
                        observed = observed.and(searcher.get());
                    }
                    assertThat(observed.recall()).isGreaterThan(0.97);
                    report(loadSeconds, single, batchRate, noticedSeconds, greenSeconds, observed);
                }
            }
        }
    }

    private static void report(
            double loadSeconds,
            double[] single,
            double batchRate,
            double noticedSeconds,
            double greenSeconds,
            Observed observed)
            throws IOException {
        String result = """
            {
              "keys": %d, "dimension": %d, "nodes": 3, "shards": 3, "replicas": 1, "k": %d, "ef": 100,
              "load_seconds": %.1f, "load_keys_per_second": %.0f,
              "single_search_p50_ms": %.2f, "single_search_p99_ms": %.2f,
              "batch_128_queries_per_second": %.0f,
              "after_kill_seconds_until_noticed": %.1f, "after_kill_seconds_until_green": %.1f,
              "queries_around_the_kill": %d, "failed_queries": 0, "wrong_answers": 0,
              "recall_at_10": %.4f, "slowest_batch_seconds": %.2f
            }
            """.formatted(
                        KEYS,
                        DIMENSION,
                        K,
                        loadSeconds,
                        KEYS / loadSeconds,
                        single[single.length / 2],
                        single[single.length * 99 / 100],
                        batchRate,
                        noticedSeconds,
                        greenSeconds,
                        observed.queries(),
                        observed.recall(),
                        observed.slowestSeconds());
        Path file = Path.of(System.getProperty("racnn.cluster.result", "cluster.json"));
        Files.writeString(file, result);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** What searches have returned; wrong answers and failures end the test at once. */
    private record Observed(long queries, long found, double slowestSeconds) {
        static final Observed NOTHING = new Observed(0, 0, 0);

        Observed and(Observed other) {
            return new Observed(
                    queries + other.queries, found + other.found, Math.max(slowestSeconds, other.slowestSeconds));
        }

        double recall() {
            return found / (double) (queries * K);
        }
    }

    /** Searches and compares every answer with the keys themselves. */
    private record Observer(OpenSearchEngine engine, ArrayKeys keys, float[] queries, Neighbours truth) {
        private static final int BATCH = 128;

        double[] singleLatencies(int count) {
            double[] milliseconds = new double[count];
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                search(i % QUERIES, 1);
                milliseconds[i] = seconds(start) * 1e3;
            }
            Arrays.sort(milliseconds);
            return milliseconds;
        }

        double batchRate() {
            long start = System.nanoTime();
            for (int first = 0; first + BATCH <= QUERIES; first += BATCH) {
                search(first, BATCH);
            }
            return QUERIES / BATCH * BATCH / seconds(start);
        }

        Observed searchUntil(AtomicBoolean done, int firstQuery) {
            Observed observed = Observed.NOTHING;
            for (int first = firstQuery; !done.get(); first = (first + BATCH) % (QUERIES - BATCH)) {
                observed = observed.and(search(first, BATCH));
            }
            return observed;
        }

        private Observed search(int first, int count) {
            float[] batch = Arrays.copyOfRange(queries, first * DIMENSION, (first + count) * DIMENSION);
            long start = System.nanoTime();
            Neighbours answer = engine.search(batch, K);
            double taken = seconds(start);
            long found = 0;
            for (int query = 0; query < count; query++) {
                Set<Long> near = new HashSet<>();
                for (int rank = 0; rank < K; rank++) {
                    near.add(truth.id(first + query, rank));
                }
                Set<Long> ids = new HashSet<>();
                for (int rank = 0; rank < K; rank++) {
                    long id = answer.id(query, rank);
                    assertThat(ids.add(id))
                            .as("candidate %d is returned once", id)
                            .isTrue();
                    double distance = squaredDistance(batch, query, id);
                    assertThat((double) answer.squaredDistance(query, rank))
                            .as("distance of candidate %d", id)
                            .isBetween(distance - 1e-4 * (1 + distance), distance + 1e-4 * (1 + distance));
                    found += near.contains(id) ? 1 : 0;
                }
            }
            return new Observed(count, found, taken);
        }

        private double squaredDistance(float[] batch, int query, long id) {
            float[] key = new float[DIMENSION];
            keys.copyKey((int) id, key, 0);
            double sum = 0;
            for (int i = 0; i < DIMENSION; i++) {
                double difference = (double) batch[query * DIMENSION + i] - key[i];
                sum += difference * difference;
            }
            return sum;
        }
    }
}
