package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Begins at the images of candidates: those of the class that is aimed at, the nearest to the image in the space of keys first. Attacks
 * within a budget draw them into their ball.
 *
 * @param count how many there are to begin at
 */
record NearestCandidates(int count) implements Start {
    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        int rank = attempt.number();
        if (rank >= count) {
            return null;
        }
        Map<Integer, List<Integer>> byClass = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            byClass.computeIfAbsent(attempt.aims().applyAsInt(rows[i]), _ -> new ArrayList<>())
                    .add(i);
        }
        WhiteBox box = KnownRacnn.behind(model.path());
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor points = batch.originals(rows);
            byClass.forEach((label, positions) -> {
                if (rank < box.candidates(label)) {
                    int[] own = positions.stream().mapToInt(i -> rows[i]).toArray();
                    Neighbours nearest = box.search(box.keys(batch.originals(own)), rank + 1, label);
                    long[] ids = IntStream.range(0, own.length)
                            .mapToLong(i -> nearest.id(i, rank))
                            .toArray();
                    Tensor images = box.candidateImages(ids);
                    for (int i = 0; i < own.length; i++) {
                        points.select(0, positions.get(i)).copy_(images.select(0, i));
                    }
                }
            });
            return scope.escape(points);
        }
    }

    @Override
    public String toString() {
        return "the %s nearest candidates of the class".formatted(count);
    }
}
