package dev.racnn.attack;

import java.util.OptionalInt;

/**
 * The example is taken for a chosen class: its logit is the largest, the first of equal ones.
 *
 * @param name for reports
 * @param targets the chosen class of each example
 */
public record Targeted(String name, Choice targets) implements Criterion {
    /** Chooses the class that an example shall be taken for. */
    @FunctionalInterface
    public interface Choice {
        /** The target of the example with this label and index in its data set. */
        int target(int label, int index);
    }

    /** How names of such criteria begin. */
    static final String NAME = "targeted";

    /** The name alone: a function has no text that another run could be compared by. */
    @Override
    public String identity() {
        return name;
    }

    @Override
    public boolean isAdversarial(float[] logits, int label, int index) {
        int target = targets.target(label, index);
        return target != label && Decisions.argmax(logits) == target;
    }

    @Override
    public OptionalInt target(int label, int index) {
        return OptionalInt.of(targets.target(label, index));
    }
}
