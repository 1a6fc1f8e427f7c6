package dev.racnn.cli.bench;

import dev.racnn.bench.GeneratedKeys;
import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.candidates.SavedIndexes;
import dev.racnn.candidates.SetInventory;
import dev.racnn.cli.options.EngineConverter;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.IndexFactory;
import dev.racnn.retrieval.Neighbours;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code racnn bench scale}: builds a candidate set of any size from generated keys, saves an index of it, opens both and
 * serves from them.
 */
@Command(
        name = "scale",
        description =
                "Builds a candidate set from generated keys in bounded memory, saves the index of an engine, opens both"
                        + " again, and searches from several threads.")
final class BenchScale implements Callable<Integer> {
    /** Candidates that are generated together; all that building holds in memory. */
    private static final int BLOCK = 1_000;

    private static final int CLASSES = 10;
    private static final int CLUSTERS = 500;
    private static final int INTRINSIC = 12;
    private static final int BATCH = 32;
    private static final int K = 10;

    /** As scripts and the files in docs/results have it. */
    private static final DefaultPrettyPrinter LAYOUT = new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER));

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "531131",
            description = "Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "512",
            description = "Of keys and of features. Default: ${DEFAULT-VALUE}.")
    private int dimension;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            defaultValue = "exact",
            converter = EngineConverter.class,
            description = "An engine in this process, such as hnsw. Default: ${DEFAULT-VALUE}.")
    private EngineFactory engine;

    @Option(
            names = "--queries",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Searches in batches of 32. Default: ${DEFAULT-VALUE}.")
    private int queries;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads that build the index, and that search at the same time. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the set; a build that was interrupted there is continued.")
    private Path out;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON too.")
    private @Nullable Path json;

    BenchScale() {}

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        checkOptions();
        GeneratedKeys generated = new GeneratedKeys(dimension, CLUSTERS, INTRINSIC, 1);
        long start = System.nanoTime();
        int continuedFrom = build(generated);
        double buildSeconds = seconds(start);
        double openMilliseconds = openMilliseconds();
        CandidateSet set = CandidateSet.open(out);
        long peakOfBuild = peakHeapBytes();
        EngineFactory chosen = engine.chosenFor(set);
        start = System.nanoTime();
        if (chosen instanceof IndexFactory index) {
            SavedIndexes.build(out, index, threads);
        }
        double indexSeconds = seconds(start);
        float[] first = new float[dimension];
        set.copyKey(count / 2, first, 0);
        start = System.nanoTime();
        try (LiveCandidateSet live = LiveCandidateSet.open(out, chosen, 1)) {
            double reopenSeconds = seconds(start);
            live.search(first, K);
            double firstAnswerSeconds = seconds(start);
            start = System.nanoTime();
            int found = serve(live);
            double rate = batches() * BATCH / seconds(start);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("candidates", count);
            result.put("dimension", dimension);
            result.put("bytes", set.bytes());
            result.put("heap_limit_bytes", Runtime.getRuntime().maxMemory());
            result.put("built_from_row", continuedFrom);
            result.put("build_seconds", rounded(buildSeconds, 1));
            result.put("build_candidates_per_second", rounded((count - continuedFrom) / buildSeconds, 0));
            result.put("peak_heap_bytes_of_build", peakOfBuild);
            result.put("open_ms", rounded(openMilliseconds, 1));
            result.put("engine", chosen.toString());
            result.put("index_build_seconds", rounded(indexSeconds, 1));
            result.put("index_bytes", SetInventory.of(set, false).indexBytes());
            result.put("index_reopen_seconds", rounded(reopenSeconds, 2));
            result.put("first_answer_seconds", rounded(firstAnswerSeconds, 2));
            result.put("threads", threads);
            result.put("batch", BATCH);
            result.put("k", K);
            result.put("queries_per_second", rounded(rate, 1));
            result.put("found_themselves", rounded((double) found / (batches() * BATCH), 4));
            String text = JsonMapper.shared().writer().with(LAYOUT).writeValueAsString(result);
            spec.commandLine().getOut().println(text);
            if (json != null) {
                Files.writeString(json, text + "\n");
            }
        }
        return 0;
    }

    private void checkOptions() {
        if (count < BATCH || dimension < 1 || queries < 1 || threads < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--candidates must be at least %s, --dimension, --queries and --threads at least 1, but are %s, %s, %s and %s"
                            .formatted(BATCH, count, dimension, queries, threads));
        }
        if (engine.holdsKeys()) {
            throw new ParameterException(
                    spec.commandLine(), "--engine must be an engine in this process, but is " + engine);
        }
    }

    /** Returns the row that the build began with: 0, unless an interrupted one was continued. */
    private int build(GeneratedKeys generated) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<String> classNames =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        CandidateLayout layout = new CandidateLayout(dimension, dimension, 32, 32, classNames, "generated");
        try (CandidateSetWriter writer = CandidateSetWriter.resume(out, layout)) {
            int first = writer.rows();
            byte[] thumbnail = new byte[layout.thumbnailBytes()];
            while (writer.rows() < count) {
                // Every block has its own seed, so that a continued build makes the same keys.
                int block = writer.rows() / BLOCK;
                float[] keys = generated.draw(BLOCK, block);
                int rows = Math.min(BLOCK, count - writer.rows());
                for (int row = 0; row < rows; row++) {
                    float[] key = Arrays.copyOfRange(keys, row * dimension, (row + 1) * dimension);
                    int id = writer.rows();
                    writer.add(new Candidate(id, id % CLASSES, key, key, thumbnail));
                }
                if (block % 50 == 0) {
                    err.printf("%s of %s candidates%n", writer.rows(), count);
                }
            }
            writer.finish();
            return first;
        }
    }

    /** The median of several openings. */
    private double openMilliseconds() throws IOException {
        double[] times = new double[5];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            CandidateSet set = CandidateSet.open(out);
            float[] key = new float[dimension];
            set.copyKey(set.size() / 2, key, 0);
            times[i] = seconds(start) * 1e3;
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private int batches() {
        return Math.max(1, queries / BATCH);
    }

    /** Searches for keys that are in the set from several threads; returns how many were found. */
    private int serve(LiveCandidateSet live) throws InterruptedException, ExecutionException, IOException {
        CandidateSet set = CandidateSet.open(out);
        int found = 0;
        try (ExecutorService searchers = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> searches = new ArrayList<>();
            for (int batch = 0; batch < batches(); batch++) {
                int first = (int) ((long) batch * (count - BATCH) / batches());
                searches.add(searchers.submit(() -> searchFor(live, set, first)));
            }
            for (Future<Integer> search : searches) {
                found += search.get();
            }
        }
        return found;
    }

    private int searchFor(LiveCandidateSet live, CandidateSet set, int first) {
        float[] keys = new float[BATCH * dimension];
        for (int query = 0; query < BATCH; query++) {
            set.copyKey(first + query, keys, query * dimension);
        }
        Neighbours nearest = live.search(keys, K);
        int found = 0;
        for (int query = 0; query < BATCH; query++) {
            if (nearest.id(query, 0) == set.id(first + query) && nearest.squaredDistance(query, 0) == 0) {
                found++;
            } else if (engine.findsAll()) {
                throw new IllegalStateException(
                        "the nearest candidate to the key of candidate %s must be itself, but is %s"
                                .formatted(set.id(first + query), nearest.id(query, 0)));
            }
        }
        return found;
    }

    private static long peakHeapBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(peak -> peak.getUsed())
                .sum();
    }

    private static BigDecimal rounded(double number, int digits) {
        return BigDecimal.valueOf(number).setScale(digits, RoundingMode.HALF_UP);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
