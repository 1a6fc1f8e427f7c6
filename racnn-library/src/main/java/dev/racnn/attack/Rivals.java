package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The wrong classes that targeted attacks aim at.
 *
 * @param classes for each row of a batch, the likeliest on the clean image first; equally many for all rows
 */
public record Rivals(int[][] classes) {
    /**
     * The likeliest wrong classes, or the criterion's target alone if it names one. Asks one forward query for each example in
     * the first case.
     */
    public static Rivals of(AttackBatch batch, ScoredModel model, int atMost) {
        int[] rows = batch.rows();
        if (batch.target(0).isPresent()) {
            return new Rivals(IntStream.of(rows)
                    .mapToObj(row -> new int[] {batch.target(row).orElseThrow()})
                    .toArray(int[][]::new));
        }
        try (var _ = Scope.open()) {
            float[] logits =
                    Tensors.toFloats(model.decide(batch.originals(rows), rows).logits());
            int[][] classes = new int[rows.length][];
            for (int row : rows) {
                int offset = row * batch.classes();
                classes[row] = IntStream.range(0, batch.classes())
                        .filter(k -> k != batch.label(row))
                        .boxed()
                        .sorted(Comparator.comparingDouble(k -> -logits[offset + k]))
                        .limit(atMost)
                        .mapToInt(Integer::intValue)
                        .toArray();
            }
            return new Rivals(classes);
        }
    }

    /** How many each row has. */
    public int count() {
        return classes[0].length;
    }

    /** For each row its rival of this rank, 0 for the likeliest. */
    public IntUnaryOperator ofRank(int rank) {
        return row -> classes[row][rank];
    }
}
