package dev.racnn.evaluation;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Logits;
import dev.racnn.attack.Outcome;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.Vicinity;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * Scenario 2 (a): shows a model the images that fooled its surrogate. The image counts as robust, at any distance, if the
 * one adversarial image that was made from it does not fool the model too.
 *
 * @param target the model
 * @param criterion what counts as fooled
 */
public record Transfer(Classifier target, Criterion criterion) {
    private static final int BATCH = 250;

    /**
     * The outcomes for the model.
     *
     * @param result what fooled the surrogate
     * @param examples the same images, in the same order
     * @throws IllegalStateException if a logit is NaN
     */
    public AttackResult of(AttackResult result, Examples examples) {
        List<float @Nullable []> points = adversarials(result);
        List<float[]> before = answers(examples, examples);
        List<float[]> after = answers(shown(points, examples), examples);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < examples.count(); i++) {
            outcomes.add(outcome(result.outcomes().get(i), examples.images()[i], before.get(i), after.get(i)));
        }
        return new AttackResult(
                result.attack(),
                result.settings(),
                result.threatModel(),
                criterion.name(),
                result.gradientPath(),
                result.seed(),
                result.imageSize(),
                result.bounds(),
                outcomes);
    }

    /**
     * Whether each image fools the model when it is replaced.
     *
     * @param replacements in the order of the examples; null to leave an image as it is
     * @throws IllegalStateException if a logit is NaN
     */
    public List<Boolean> fooledBy(List<float @Nullable []> replacements, Examples examples) {
        List<float[]> answers = answers(shown(replacements, examples), examples);
        return IntStream.range(0, examples.count())
                .mapToObj(i -> criterion.isAdversarial(answers.get(i), examples.labels()[i], examples.indices()[i]))
                .toList();
    }

    /** The adversarial pixels of each example as a picture with 8 bits a channel holds them; null for a failed attack. */
    static List<float @Nullable []> rounded(AttackResult result) {
        Bounds bounds = result.bounds();
        List<float @Nullable []> pictures = new ArrayList<>();
        for (float @Nullable [] pixels : adversarials(result)) {
            float @Nullable [] picture = pixels == null ? null : pixels.clone();
            for (int i = 0; picture != null && i < picture.length; i++) {
                picture[i] = bounds.ofLevel(bounds.level(picture[i]));
            }
            pictures.add(picture);
        }
        return pictures;
    }

    private static List<float @Nullable []> adversarials(AttackResult result) {
        List<float @Nullable []> points = new ArrayList<>();
        result.outcomes().forEach(outcome -> points.add(outcome.adversarial()));
        return points;
    }

    private static Examples shown(List<float @Nullable []> points, Examples examples) {
        float[][] shown = new float[examples.count()][];
        for (int i = 0; i < shown.length; i++) {
            float @Nullable [] point = points.get(i);
            shown[i] = point == null ? examples.images()[i] : point;
        }
        return new Examples(examples.size(), shown, examples.labels(), examples.indices());
    }

    /**
     * How many images count as robust only because the surrogate gets them wrong unperturbed: there was nothing to attack.
     *
     * @param surrogate what the attack achieved on the surrogate
     * @param shown the outcomes for the model
     */
    public static int neverAttacked(AttackResult surrogate, AttackResult shown) {
        return (int) IntStream.range(0, shown.outcomes().size())
                .filter(i -> surrogate.outcomes().get(i).msd() == 0
                        && !shown.outcomes().get(i).success())
                .count();
    }

    private Outcome outcome(Outcome surrogate, float[] image, float[] before, float[] after) {
        boolean already = criterion.isAdversarial(before, surrogate.label(), surrogate.index());
        boolean fooled = already
                || (surrogate.success() && criterion.isAdversarial(after, surrogate.label(), surrogate.index()));
        return new Outcome(
                surrogate.index(),
                surrogate.label(),
                Decisions.argmax(before),
                fooled,
                distance(already, fooled, surrogate.msd()),
                distance(already, fooled, surrogate.l0()),
                distance(already, fooled, surrogate.l1()),
                distance(already, fooled, surrogate.l2()),
                distance(already, fooled, surrogate.linf()),
                surrogate.success() ? 2 : 1,
                surrogate.gradientQueries(),
                surrogate.zeroGradients(),
                0,
                already ? image : fooled ? surrogate.adversarial() : null);
    }

    private static double distance(boolean already, boolean fooled, double distance) {
        if (already) {
            return 0;
        }
        return fooled ? distance : Double.POSITIVE_INFINITY;
    }

    /** What is answered about pictures, one around each of the examples. */
    private List<float[]> answers(Examples shown, Examples examples) {
        List<float[]> answers = new ArrayList<>();
        int step = Device.current().batch(BATCH);
        for (int from = 0; from < examples.count(); from += step) {
            int[] together = IntStream.range(from, Math.min(from + step, examples.count()))
                    .toArray();
            int[] rows = IntStream.range(0, together.length).toArray();
            Examples some = shown.at(together);
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                Vicinity near = target.around(examples.at(together).tensor());
                answers.addAll(List.of(Logits.checked(
                        near.logits(some.tensor(), rows), target.classes(), i -> some.indices()[i], some.count())));
            }
        }
        return answers;
    }
}
