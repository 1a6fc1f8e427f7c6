package dev.racnn.attack;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A start that is brought towards the image as far as it stays adversarial, by halving the line between them; it stays where it is if it is not
 * adversarial.
 *
 * @param from where it would begin
 * @param halvings how many, at least 1
 */
record Bisected(Start from, int halvings) implements Start {
    Bisected {
        if (halvings < 1) {
            throw new IllegalArgumentException("halvings must be at least 1, but are " + halvings);
        }
    }

    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        try (var scope = Scope.open()) {
            Tensor outer = from.points(batch, model, attempt, rows);
            if (outer == null) {
                return null;
            }
            Tensor inner = batch.originals(rows);
            boolean[] begins = model.decide(outer, rows).adversarial();
            boolean any = IntStream.range(0, rows.length).anyMatch(row -> begins[row]);
            for (int i = 0; i < halvings && any; i++) {
                Tensor middle = inner.add(outer).mul(new Scalar(0.5));
                boolean[] adversarial = model.decide(middle, rows).adversarial();
                long[] moves = new long[rows.length];
                for (int row = 0; row < rows.length; row++) {
                    moves[row] = adversarial[row] && begins[row] ? 1 : 0;
                }
                Tensor mask =
                        Norm.perRow(Tensors.of(moves, moves.length), outer).gt(new Scalar(0.0));
                Tensor next = torch.where(mask, middle, outer);
                inner = torch.where(mask, inner, middle);
                outer = next;
            }
            return scope.escape(outer);
        }
    }

    @Override
    public boolean needsGradients() {
        return from.needsGradients();
    }

    @Override
    public String toString() {
        return "%s, bisected %s times".formatted(from, halvings);
    }
}
