package dev.racnn.bench;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.retrieval.RetrievalQuality;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares engines in the manner of ann-benchmarks: recall against speed, on the same keys and queries, in one process.
 * The engines take turns in every round, so that whatever else the machine does falls on all of them; speeds are medians
 * over the rounds, in processor time of the one thread that searches, unless a contender says otherwise.
 *
 * @param k neighbours per query
 * @param batch queries of a batch
 * @param rounds measured rounds, after {@link #WARM_UP} rounds that are not counted
 */
public record RetrievalBenchmark(int k, int batch, int rounds) {
    private static final int WARM_UP = 2;
    private static final int SINGLE_QUERIES = 200;
    private static final double NANOSECONDS = 1e-9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    public RetrievalBenchmark {
        if (k < 1 || batch < 1 || rounds < 1) {
            throw new IllegalArgumentException(
                    "k, batch and rounds of a benchmark must be at least 1, but were %s, %s, %s"
                            .formatted(k, batch, rounds));
        }
    }

    /**
     * A participant.
     *
     * @param name how it is reported
     * @param builder builds it over the benchmark's keys
     * @param byTheClock whether others than the searching thread do its work, so that time is taken by the clock
     */
    public record Contender(String name, Supplier<RetrievalEngine> builder, boolean byTheClock) {
        /**
         * An engine to build over keys, and to search.
         *
         * @param threads threads that build and search; with several, the time of one says nothing
         */
        public static Contender of(EngineFactory engine, Keys keys, int threads) {
            return new Contender(
                    engine.chosenFor(keys).toString(),
                    () -> engine.build(keys, threads),
                    threads > 1 || engine.holdsKeys());
        }

        private double seconds() {
            return (byTheClock ? System.nanoTime() : THREADS.getCurrentThreadCpuTime()) * NANOSECONDS;
        }
    }

    /**
     * Builds and measures engines.
     *
     * @param queries row-major [n, dimension], at least one
     * @param known the true neighbours of the queries, if they are known; with fewer than k they are searched all the same
     * @param progress told in a line what is being done
     * @return a measurement for each contender, in their order
     */
    public List<EngineMeasurement> run(
            Keys keys,
            float[] queries,
            @Nullable Neighbours known,
            List<Contender> contenders,
            Consumer<String> progress) {
        Neighbours truth = known != null && known.k() >= k ? known.first(k) : search(keys, queries, progress);
        List<Runner> runners = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                progress.accept("building " + contender.name());
                runners.add(Runner.build(contender, keys.dimension()));
            }
            for (int round = -WARM_UP; round < rounds; round++) {
                progress.accept(round < 0 ? "warming up" : "measuring, round %s of %s".formatted(round + 1, rounds));
                for (Runner runner : runners) {
                    double batches = runner.secondsPerQuery(queries, queries.length, batch, k);
                    int singles = Math.min(queries.length, SINGLE_QUERIES * keys.dimension());
                    double single = runner.secondsPerQuery(queries, singles, 1, k);
                    if (round >= 0) {
                        runner.batchSeconds.add(batches);
                        runner.singleSeconds.add(single);
                    }
                }
            }
            return runners.stream()
                    .map(runner -> runner.result(RetrievalQuality.of(runner.engine.search(queries, k), truth)))
                    .toList();
        } finally {
            runners.forEach(runner -> runner.engine.close());
        }
    }

    private Neighbours search(Keys keys, float[] queries, Consumer<String> progress) {
        progress.accept("searching the true neighbours");
        try (RetrievalEngine exact = new Exact().build(keys, 1)) {
            return exact.search(queries, k);
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A built contender and the seconds per query that it took in each round. */
    private static final class Runner {
        private final Contender contender;
        private final RetrievalEngine engine;
        private final int dimension;
        private final double buildSeconds;
        private final long heapBytes;
        private final List<Double> batchSeconds = new ArrayList<>();
        private final List<Double> singleSeconds = new ArrayList<>();

        private Runner(
                Contender contender, RetrievalEngine engine, int dimension, double buildSeconds, long heapBytes) {
            this.contender = contender;
            this.engine = engine;
            this.dimension = dimension;
            this.buildSeconds = buildSeconds;
            this.heapBytes = heapBytes;
        }

        static Runner build(Contender contender, int dimension) {
            long heapBefore = heapInUse();
            double start = contender.seconds();
            RetrievalEngine engine = contender.builder().get();
            double seconds = contender.seconds() - start;
            return new Runner(contender, engine, dimension, seconds, Math.max(0, heapInUse() - heapBefore));
        }

        double secondsPerQuery(float[] queries, int length, int batch, int k) {
            double seconds = 0;
            int step = batch * dimension;
            for (int at = 0; at < length; at += step) {
                float[] asked = Arrays.copyOfRange(queries, at, Math.min(length, at + step));
                double start = contender.seconds();
                engine.search(asked, k);
                seconds += contender.seconds() - start;
            }
            int searched = length / dimension;
            return seconds / searched;
        }

        EngineMeasurement result(RetrievalQuality quality) {
            return new EngineMeasurement(
                    contender.name(),
                    buildSeconds,
                    heapBytes,
                    quality,
                    1 / median(singleSeconds),
                    1 / median(batchSeconds));
        }
    }
}
