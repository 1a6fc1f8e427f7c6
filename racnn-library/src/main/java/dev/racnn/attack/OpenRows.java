package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The examples of a batch that an attack still works on, and tensors with a row for each of them. Where an example leaves, its
 * row goes from all tensors, so that nobody computes for it any longer. Owns the memory of these tensors.
 */
public final class OpenRows implements AutoCloseable {
    private final ScoredModel model;
    private final List<Held> held = new ArrayList<>();
    private final Held originals;
    private int[] rows;

    /** Opens the examples for which no point has been found yet. */
    public OpenRows(AttackBatch batch, ScoredModel model) {
        this(batch, model, model.unsolved(batch.rows()));
    }

    private OpenRows(AttackBatch batch, ScoredModel model, int... rows) {
        this.model = model;
        this.rows = rows;
        try (var _ = Scope.open()) {
            this.originals = hold(batch.originals(rows));
        }
    }

    /** Opens all examples, for attacks that look for nearer points of those that they have solved. */
    public static OpenRows all(AttackBatch batch, ScoredModel model) {
        return new OpenRows(batch, model, batch.rows());
    }

    /** The rows of the batch that are left. */
    public int[] rows() {
        return rows.clone();
    }

    /** How many there are. */
    public int count() {
        return rows.length;
    }

    /** Whether none is left. */
    public boolean isEmpty() {
        return rows.length == 0;
    }

    /**
     * Unperturbed images of the open examples.
     *
     * @return float32 [count, 3, H, W], no longer valid once an example has left
     */
    public Tensor originals() {
        return originals.get();
    }

    /**
     * Keeps a tensor up to date as examples leave.
     *
     * @param values [count, ...], copied
     */
    public Held hold(Tensor values) {
        Held one = new Held(values);
        held.add(one);
        return one;
    }

    /**
     * Lets the examples go for which a point has been found.
     *
     * @return the positions, among the rows so far, of those that stay
     */
    public int[] letGo() {
        int[] staying = IntStream.range(0, rows.length)
                .filter(i -> !model.isSolved(rows[i]))
                .toArray();
        keep(staying);
        return staying;
    }

    /**
     * Lets all examples go but some.
     *
     * @param positions of those that stay, among the rows so far, ascending
     */
    public void keep(int... positions) {
        if (positions.length < rows.length) {
            int[] before = rows;
            rows = IntStream.of(positions).map(i -> before[i]).toArray();
            held.forEach(one -> one.select(positions));
        }
    }

    @Override
    public void close() {
        held.forEach(one -> one.values.close());
        held.clear();
    }

    /** A tensor with a row for each open example. */
    public static final class Held {
        private Tensor values;

        private Held(Tensor values) {
            try (var _ = Scope.open()) {
                this.values = Scope.unscoped(values.clone());
            }
        }

        /** The tensor, which is no longer valid once an example has left. */
        public Tensor get() {
            return values;
        }

        /** Copies all values. */
        public void set(Tensor other) {
            values.copy_(other);
        }

        /**
         * Copies the values of some rows.
         *
         * @param other as large as this one
         * @param positions of the rows in both
         */
        public void set(Tensor other, int... positions) {
            if (positions.length > 0) {
                try (var _ = Scope.open()) {
                    Tensor index = Tensors.of(positions);
                    values.index_copy_(0, index, other.index_select(0, index));
                }
            }
        }

        private void select(int... positions) {
            try (var _ = Scope.open()) {
                Tensor all = values;
                values = Scope.unscoped(all.index_select(0, Tensors.of(positions)));
                all.close();
            }
        }
    }
}
