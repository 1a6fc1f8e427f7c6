package dev.racnn.retrieval;

import dev.racnn.bench.GeneratedKeys;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The 200 nearest of many codes of 256 bits to the code of one query, computing that included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HammingScan {
    private static final int DIMENSION = 128;
    private static final int WANTED = 200;

    /** Codes that are scanned. */
    @Param({"50000"})
    public int codes;

    private final Workers workers = new Workers(1);
    private float[] query = {};
    private @Nullable CodesSearch search;

    @Setup
    public void build() throws IOException {
        GeneratedKeys generator = new GeneratedKeys(DIMENSION, 300, 12, 1);
        Keys keys = ArrayKeys.numbered(generator.draw(codes, 2), DIMENSION);
        search = CodesSearch.build(keys, KeySource.of(keys), new Codes(), workers);
        query = generator.draw(1, 3);
    }

    @Benchmark
    public int[][] nearestCodes() {
        return Objects.requireNonNull(search).search(query, 1, WANTED, RowSearch.EveryRow.ACCEPTED, workers);
    }
}
