package dev.racnn.cli.options;

import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.function.LongPredicate;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** Exact search by libtorch's matrix product and top-k: what the engines are compared with in a benchmark. */
public final class LibtorchSearch implements RetrievalEngine {
    public static final String NAME = "libtorch";

    private final Keys keys;
    private final Tensor transposed;
    private final Tensor squaredNorms;

    public LibtorchSearch(Keys keys) {
        this.keys = keys;
        float[] values = new float[Math.multiplyExact(keys.size(), keys.dimension())];
        for (int row = 0; row < keys.size(); row++) {
            keys.copyKey(row, values, row * keys.dimension());
        }
        try (var _ = Scope.open()) {
            Tensor rows = Tensors.of(values, keys.size(), keys.dimension());
            this.transposed = Scope.unscoped(rows.t());
            this.squaredNorms = Scope.unscoped(rows.square().sum(1));
        }
    }

    @Override
    public int dimension() {
        return keys.dimension();
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        int count = queries.length / dimension();
        try (var _ = Scope.open()) {
            Tensor asked = Tensors.of(queries, count, dimension());
            Tensor scores = squaredNorms.addmm(asked, transposed, new Scalar(1), new Scalar(-2));
            T_TensorTensor_T nearest = scores.topk(k, 1, false, true);
            float[] own = Tensors.toFloats(asked.square().sum(1));
            float[] squaredDistances = Tensors.toFloats(nearest.get0());
            long[] ids = Tensors.toLongs(nearest.get1());
            for (int i = 0; i < ids.length; i++) {
                ids[i] = keys.id((int) ids[i]);
                squaredDistances[i] = Math.max(0, squaredDistances[i] + own[i / k]);
            }
            return new Neighbours(count, k, ids, squaredDistances);
        }
    }

    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        throw new UnsupportedOperationException("the comparison with libtorch searches all candidates");
    }

    @Override
    public void close() {
        transposed.close();
        squaredNorms.close();
    }
}
