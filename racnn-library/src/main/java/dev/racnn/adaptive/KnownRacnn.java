package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.GradientSession;
import dev.racnn.model.Classifier;
import dev.racnn.racnn.WhiteBox;

/**
 * Gradients of a RaCNN that is known from inside, candidates included: every signal of {@link RacnnSignals}, and the model's
 * own logits, through which gradients go with the neighbours held fast.
 *
 * @param box the attacked model; attack its {@link WhiteBox#classifier}
 */
public record KnownRacnn(WhiteBox box) implements GradientPath {
    @Override
    public String name() {
        return "the RaCNN from inside, candidates included";
    }

    @Override
    public boolean answersFor(Classifier target) {
        return box.classifier().equals(target);
    }

    /** Whether a path knows a RaCNN from inside. */
    static boolean knows(GradientPath path) {
        return path.origin() instanceof KnownRacnn;
    }

    /**
     * The RaCNN behind a path.
     *
     * @throws IllegalArgumentException if the path does not know one
     */
    static WhiteBox behind(GradientPath path) {
        if (path.origin() instanceof KnownRacnn(WhiteBox known)) {
            return known;
        }
        throw new IllegalArgumentException(
                "gradients must come from a RaCNN that is known from inside, but come from '%s'; attack the bundle of a RaCNN, with a path through its white box"
                        .formatted(path.name()));
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        return new KnownRacnnSession(box);
    }
}
