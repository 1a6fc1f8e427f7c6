package dev.racnn.server.attack;

import dev.racnn.Progress;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.Outcome;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.server.model.ServedModel;
import dev.racnn.server.model.Verdict;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Attacks images on a served model, from one state of its candidate set.
 *
 * @param model that is served
 */
public record Attacker(ServedModel model) {
    /** Attacks start at random points; the same question gets the same answer. */
    private static final long SEED = 0;

    /**
     * Attacks an image.
     *
     * @param progress hears how far it is, and may throw to end it
     * @throws IllegalArgumentException if the attack does not suit the model
     */
    AttackReply run(AttackOrder order, Consumer<Progress> progress) throws IOException {
        try (CandidateSnapshot present = model.snapshot()) {
            float[] original = original(order);
            Verdict before = model.answer(original, order.k(), present);
            int label = order.label().orElse(before.label());
            Outcome outcome = outcome(order, present, original, label, progress);
            float[] adversarial = outcome.adversarial();
            Verdict after = adversarial == null ? null : model.answer(adversarial, order.k(), present);
            return new AttackReply(label, outcome, original, before, after);
        }
    }

    private Outcome outcome(
            AttackOrder order, CandidateSnapshot present, float[] original, int label, Consumer<Progress> progress)
            throws IOException {
        Classifier racnn = model.classifier(present, order.k());
        AttackRunner runner = switch (order.aim()) {
            case RACNN -> new AttackRunner(racnn);
            case SURROGATE -> new AttackRunner(model.surrogate());
            case COMPOSITE ->
                new AttackRunner(racnn)
                        .withGradients(
                                GradientPath.through(model.surrogate(), "autograd through the surrogate g'(phi'(x))"));
            case BASELINE -> new AttackRunner(model.baseline());
        };
        Examples example = new Examples(
                model.description().imageSize(), new float[][] {original}, new int[] {label}, new int[] {0});
        return order.attack()
                .run(runner.withSeed(SEED).withProgress(progress), example)
                .worstCase()
                .outcomes()
                .getFirst();
    }

    private static float[] original(AttackOrder order) {
        float[] pixels = new float[order.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Bounds.UNIT.ofLevel(Byte.toUnsignedInt(order.pixels()[i]));
        }
        return pixels;
    }
}
