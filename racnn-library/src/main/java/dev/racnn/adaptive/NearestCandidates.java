package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Begins at the images of candidates, the nearest to the image in the space of keys first: those of the class that is aimed at or, without an
 * aim, those of all classes but the true one. Attacks within a budget draw them into their ball.
 *
 * @param count how many there are to begin at
 */
record NearestCandidates(int count) implements Start {
    @Override
    public @Nullable Tensor points(AttackBatch batch, ScoredModel model, Attempt attempt, int... rows) {
        if (attempt.number() >= count) {
            return null;
        }
        WhiteBox box = KnownRacnn.behind(model.path());
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor points = batch.originals(rows);
            Tensor keys = box.keys(points);
            List<long[]> ofClasses = box.nearestOfEachClass(keys, count);
            for (int i = 0; i < rows.length; i++) {
                int aim = attempt.aims().applyAsInt(rows[i]);
                List<Long> own = new ArrayList<>();
                for (int label = 0; label < ofClasses.size(); label++) {
                    boolean wanted = aim == batch.label(rows[i]) ? label != aim : label == aim;
                    int each = ofClasses.get(label).length / rows.length;
                    for (int rank = 0; wanted && rank < each; rank++) {
                        own.add(ofClasses.get(label)[i * each + rank]);
                    }
                }
                if (attempt.number() < own.size()) {
                    long[] ids = own.stream().mapToLong(Long::longValue).toArray();
                    long id = ids[ranked(box, keys.select(0, i), ids)[attempt.number()]];
                    points.select(0, i).copy_(box.candidateImages(id).select(0, 0));
                }
            }
            return scope.escape(points);
        }
    }

    /** Positions of candidates, the nearest first. */
    private static int[] ranked(WhiteBox box, Tensor key, long... ids) {
        double[] distances =
                Tensors.toDoubles(box.candidateKeys(ids).sub(key).square().sum(1));
        return IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> distances[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public String toString() {
        return "the %s nearest candidates of the class, or of wrong classes".formatted(count);
    }
}
