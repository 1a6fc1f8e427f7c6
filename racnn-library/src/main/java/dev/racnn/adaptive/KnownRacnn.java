package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.GradientSession;
import dev.racnn.attack.Signal;
import dev.racnn.model.Classifier;
import dev.racnn.racnn.WhiteBox;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Gradients of a RaCNN that is known from inside, candidates included: every signal of {@link RacnnSignals}, and the model's
 * own logits, through which gradients go with the neighbours held fast.
 *
 * @param box the attacked model; attack its {@link WhiteBox#classifier}
 * @param others models from which perturbations may transfer, such as the baseline, or copies trained with another seed
 */
public record KnownRacnn(WhiteBox box, List<Other> others) implements GradientPath {
    public KnownRacnn {
        others = List.copyOf(others);
    }

    /** Without other models. */
    public KnownRacnn(WhiteBox box) {
        this(box, List.of());
    }

    /**
     * A model that the attacker has beside the attacked one.
     *
     * @param name in reports
     * @param classifier has gradients, and the attacked model's classes
     */
    public record Other(String name, Classifier classifier) {
        /** Its logits. */
        Signal signal() {
            return new Signal("logits of " + name);
        }
    }

    @Override
    public String name() {
        return "the RaCNN from inside, candidates included"
                + others.stream().map(other -> ", and " + other.name).collect(Collectors.joining());
    }

    @Override
    public boolean answersFor(Classifier target) {
        return box.classifier().equals(target);
    }

    /**
     * The RaCNN behind a path.
     *
     * @throws IllegalArgumentException if the path does not know one
     */
    static WhiteBox behind(GradientPath path) {
        if (path.origin() instanceof KnownRacnn known) {
            return known.box;
        }
        throw new IllegalArgumentException(
                "gradients must come from a RaCNN that is known from inside, but come from '%s'; attack the bundle of a RaCNN, with a path through its white box"
                        .formatted(path.name()));
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        return new KnownRacnnSession(box, others);
    }
}
