package dev.racnn.attack;

import dev.racnn.model.Classifier;
import dev.racnn.model.Vicinity;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A classifier whose answers are asked for and counted: one answer decides about a point or, where answers come at random, most
 * of several.
 *
 * @param classifier who is asked
 * @param answers what it says around the examples
 * @param criterion what an answer is a success by
 * @param count how many answers decide, at least 1
 */
record Votes(Classifier classifier, Vicinity answers, Criterion criterion, int count) {
    /** What is said of one unperturbed image: the most frequent class, and whether most answers meet the criterion. */
    record Verdict(int prediction, boolean adversarial) {}

    /** Those of a classifier that is asked about unperturbed images. */
    static Votes of(Classifier classifier, Criterion criterion, int count) {
        return new Votes(classifier, (images, _) -> classifier.logits(images), criterion, count);
    }

    /** The same about points around the examples of a batch. */
    Votes around(AttackBatch batch) {
        return new Votes(classifier, batch.around(classifier), criterion, count);
    }

    /** One answer: float32 [n, classes], detached. The classifier sees a copy, since foreign code may write into it. */
    Tensor ask(Tensor points, int... rows) {
        try (var scope = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor logits = answers.logits(points.to(ScalarType.Float).clone(), rows);
            return scope.escape(logits.to(ScalarType.Float).detach());
        }
    }

    /**
     * What is said of unperturbed images.
     *
     * @throws IllegalStateException if a logit is NaN, or there are another number of classes than the classifier says
     */
    Verdict[] verdicts(Examples examples) {
        int[][] predictions = new int[examples.count()][classifier.classes()];
        int[] hits = new int[examples.count()];
        int[] all = IntStream.range(0, hits.length).toArray();
        for (int vote = 0; vote < count; vote++) {
            try (var _ = Scope.open()) {
                float[][] answers = Logits.checked(
                        ask(examples.tensor(), all),
                        classifier.classes(),
                        i -> examples.indices()[i],
                        examples.count());
                for (int i = 0; i < answers.length; i++) {
                    predictions[i][Decisions.argmax(answers[i])]++;
                    hits[i] += criterion.isAdversarial(answers[i], examples.labels()[i], examples.indices()[i]) ? 1 : 0;
                }
            }
        }
        return IntStream.range(0, hits.length)
                .mapToObj(i -> new Verdict(mostFrequent(predictions[i]), isMost(hits[i])))
                .toArray(Verdict[]::new);
    }

    /**
     * Whether each point is adversarial in most of so many fresh answers; nobody is asked about a point once that is settled.
     *
     * @param rows the example that each point belongs to
     * @param asked counts the answers for each point
     * @throws IllegalStateException if the classifier answers with another number of classes than it says
     */
    boolean[] adversarial(Tensor points, AttackBatch batch, int[] rows, int[] asked) {
        int[] hits = new int[rows.length];
        int[] open = IntStream.range(0, rows.length).toArray();
        while (open.length > 0) {
            try (var _ = Scope.open()) {
                Tensor some = open.length == rows.length ? points : points.index_select(0, Tensors.of(open));
                int[] owners = IntStream.of(open).map(i -> rows[i]).toArray();
                float[][] answers = Logits.checked(ask(some, owners), batch.classes(), open.length);
                for (int i = 0; i < open.length; i++) {
                    asked[open[i]]++;
                    hits[open[i]] += isAdversarial(answers[i], batch, owners[i]) ? 1 : 0;
                }
            }
            open = Arrays.stream(open)
                    .filter(i -> !isMost(hits[i]) && isMost(hits[i] + count - asked[i]))
                    .toArray();
        }
        boolean[] adversarial = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            adversarial[i] = isMost(hits[i]);
        }
        return adversarial;
    }

    /** Whether so many hits are more than half of the answers. */
    boolean isMost(int hits) {
        return 2 * hits > count;
    }

    private boolean isAdversarial(float[] logits, AttackBatch batch, int row) {
        return Logits.areNumbers(logits) && criterion.isAdversarial(logits, batch.label(row), batch.index(row));
    }

    private static int mostFrequent(int... counts) {
        int best = 0;
        for (int k = 1; k < counts.length; k++) {
            best = counts[k] > counts[best] ? k : best;
        }
        return best;
    }
}
