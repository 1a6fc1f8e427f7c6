package dev.racnn.racnn;

import dev.racnn.bench.GeneratedKeys;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.tensor.Tensors;
import dev.racnn.tensor.Threads;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The projection of a batch of 128 onto the hulls of K = 10 neighbours, and 128 points drawn from the simplex, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Projection {
    private static final int BATCH = 128;
    private static final int K = 10;

    /** Components of phi(x). */
    @Param({"256"})
    public int dimension;

    private final UniformSimplex simplex = new UniformSimplex(new SplittableRandom(1));
    private final dev.racnn.tensor.Scope tensors = dev.racnn.tensor.Scope.open();
    private Tensor query = new Tensor();
    private Tensor neighbours = new Tensor();
    private ConvexHullProjection projection = ConvexHullProjection.untrained(Attention.DOT, 1);

    @Setup
    public void draw() {
        Threads.use(1);
        GeneratedKeys generator = new GeneratedKeys(dimension, 10, 4, 1);
        query = Tensors.of(generator.draw(BATCH, 2), BATCH, dimension);
        neighbours = Tensors.of(generator.draw(BATCH * K, 3), BATCH, K, dimension);
        projection.close();
        projection = ConvexHullProjection.untrained(Attention.COSINE, dimension);
    }

    @TearDown
    public void close() {
        projection.close();
        tensors.close();
    }

    @Benchmark
    public long attention() {
        try (var _ = dev.racnn.tensor.Scope.open();
                var _ = new NoGradGuard()) {
            return ConvexHullProjection.convexSum(projection.weights(query, neighbours), neighbours)
                    .numel();
        }
    }

    @Benchmark
    public float[] uniformSimplex() {
        return simplex.draw(BATCH, K);
    }
}
