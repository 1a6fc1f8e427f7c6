package dev.racnn.retrieval;

import dev.racnn.bench.GeneratedKeys;
import dev.racnn.tensor.Tensors;
import dev.racnn.tensor.Threads;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Inner products of 125 queries with 1,024 keys on one thread, by the kernel of exact search and by libtorch. An operation is
 * one query against one key.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProductKernels {
    private static final int QUERIES = 125;
    private static final int KEYS = 1024;

    /** Components of a key. */
    @Param({"128", "512"})
    public int dimension;

    private float[] panels = {};
    private float[] zeros = {};
    private float[] scores = {};
    private QueryGroups groups = new QueryGroups(zeros, 0, 0, 1);
    private dev.racnn.tensor.Scope tensors = dev.racnn.tensor.Scope.open();
    private Tensor queryRows = new Tensor();
    private Tensor keyColumns = new Tensor();

    @Setup
    public void draw() {
        Threads.use(1);
        GeneratedKeys generator = new GeneratedKeys(dimension, 10, 4, 1);
        // Read as panels or as rows these are different keys; what they are does not matter here.
        panels = generator.draw(KEYS, 2);
        float[] queries = generator.draw(QUERIES, 3);
        groups = new QueryGroups(queries, 0, QUERIES, dimension);
        zeros = new float[ProductKernel.WIDTH];
        scores = new float[groups.scores()];
        queryRows = Tensors.of(queries, QUERIES, dimension);
        keyColumns = Tensors.of(panels, KEYS, dimension).t();
    }

    @TearDown
    public void close() {
        tensors.close();
    }

    @Benchmark
    @OperationsPerInvocation(QUERIES * KEYS)
    public float[] kernel() {
        int width = ProductKernel.WIDTH;
        for (int key = 0; key < KEYS; key += width) {
            for (int group = 0; group < groups.count(); group++) {
                int at = group * groups.size() * width;
                groups.addProducts(group, 0, panels, key * dimension, dimension, zeros, 0, 0, scores, at);
            }
        }
        return scores;
    }

    @Benchmark
    @OperationsPerInvocation(QUERIES * KEYS)
    public long libtorch() {
        try (Tensor products = queryRows.mm(keyColumns)) {
            return products.numel();
        }
    }
}
