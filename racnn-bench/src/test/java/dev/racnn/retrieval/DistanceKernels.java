package dev.racnn.retrieval;

import dev.racnn.bench.GeneratedKeys;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One distance between two keys in the cache: summed in double, as answers report it, and in float. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DistanceKernels {
    /** Components of a key. */
    @Param({"128", "512", "3072"})
    public int dimension;

    private float[] keys = {};

    @Setup
    public void draw() {
        keys = new GeneratedKeys(dimension, 10, 4, 1).draw(2, 2);
    }

    @Benchmark
    public float inDouble() {
        return SquaredDistance.between(keys, 0, keys, dimension, dimension);
    }

    @Benchmark
    public float inFloat() {
        return SquaredDistance.roughlyBetween(keys, 0, keys, dimension, dimension);
    }
}
