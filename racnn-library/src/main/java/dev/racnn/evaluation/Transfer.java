package dev.racnn.evaluation;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Decisions;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Outcome;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * Scenario 2 (a): shows a model the images that fooled its surrogate. The image counts as robust, at any distance, if the
 * one adversarial image that was made from it does not fool the model too.
 */
final class Transfer {
    private static final int BATCH = 250;

    private final Classifier target;

    Transfer(Classifier target) {
        this.target = target;
    }

    /**
     * The outcomes for the model.
     *
     * @param result what fooled the surrogate
     * @param examples the same images, in the same order
     */
    AttackResult of(AttackResult result, Examples examples) {
        int[] clean = predictions(examples.size(), List.of(examples.images()));
        float[][] shown = new float[examples.count()][];
        for (int i = 0; i < shown.length; i++) {
            float @Nullable [] point = result.outcomes().get(i).adversarial();
            shown[i] = point == null ? examples.images()[i] : point;
        }
        int[] after = predictions(examples.size(), List.of(shown));
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < clean.length; i++) {
            outcomes.add(outcome(result.outcomes().get(i), clean[i], after[i]));
        }
        return new AttackResult(
                result.attack(),
                result.settings(),
                result.threatModel(),
                result.criterion(),
                result.gradientPath(),
                result.seed(),
                result.imageSize(),
                result.bounds(),
                outcomes);
    }

    private static Outcome outcome(Outcome surrogate, int clean, int after) {
        boolean wrongAlready = clean != surrogate.label();
        boolean fooled = wrongAlready || (surrogate.success() && after != surrogate.label());
        return new Outcome(
                surrogate.index(),
                surrogate.label(),
                clean,
                fooled,
                distance(wrongAlready, fooled, surrogate.msd()),
                distance(wrongAlready, fooled, surrogate.l1()),
                distance(wrongAlready, fooled, surrogate.l2()),
                distance(wrongAlready, fooled, surrogate.linf()),
                surrogate.success() ? 2 : 1,
                surrogate.gradientQueries(),
                surrogate.zeroGradients(),
                0,
                fooled ? surrogate.adversarial() : null);
    }

    private static double distance(boolean wrongAlready, boolean fooled, double distance) {
        if (wrongAlready) {
            return 0;
        }
        return fooled ? distance : Double.POSITIVE_INFINITY;
    }

    private int[] predictions(ImageSize size, List<float[]> images) {
        int[] predictions = new int[images.size()];
        for (int from = 0; from < predictions.length; from += BATCH) {
            int to = Math.min(from + BATCH, predictions.length);
            float[] pixels = new float[(to - from) * size.bytes()];
            for (int i = from; i < to; i++) {
                System.arraycopy(images.get(i), 0, pixels, (i - from) * size.bytes(), size.bytes());
            }
            try (var _ = Scope.open();
                    var _ = new NoGradGuard()) {
                float[] logits = Tensors.toFloats(
                        target.logits(Tensors.of(pixels, to - from, ImageSize.CHANNELS, size.height(), size.width())));
                for (int i = from; i < to; i++) {
                    predictions[i] = Decisions.argmax(Arrays.copyOfRange(
                            logits, (i - from) * target.classes(), (i - from + 1) * target.classes()));
                }
            }
        }
        return predictions;
    }
}
