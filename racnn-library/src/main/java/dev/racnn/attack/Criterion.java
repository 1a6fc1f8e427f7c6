package dev.racnn.attack;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What makes a classifier's answer a success for the attacker; decided for one example at a time from its logits. */
public interface Criterion {
    /** Short name for reports, such as {@code misclassified} or {@code top-5}. */
    String name();

    /**
     * What tells this criterion from all others, so that a journal goes on only with the one that it was begun with: the components
     * of a record, or the name. Other classes with parameters give them here or in the name. Targets need not be
     * named, the journal keeps that of each example.
     */
    default String identity() {
        return this instanceof Record ? toString() : name();
    }

    /**
     * Whether the logits are a success for the attacker.
     *
     * @param logits one for each class, never NaN
     * @param label the true class
     * @param index the example's index in its data set
     */
    boolean isAdversarial(float[] logits, int label, int index);

    /**
     * The class the attacker wants this example to be taken for, or nothing if any wrong class will do: for all examples of a
     * run the one or the other. An example whose target is its own label is not attacked.
     */
    default OptionalInt target(int label, int index) {
        return OptionalInt.empty();
    }

    /** How many other classes have to be ahead of the label for a success: K of a top-K criterion. */
    default int depth() {
        return 1;
    }

    /**
     * By how much logits go beyond what makes them a success: positive for one, negative by as much as is missing.
     *
     * @param logits one for each class, never NaN
     */
    default double margin(float[] logits, int label, int index) {
        OptionalInt target = target(label, index);
        int aimed = target.orElse(label);
        double[] others = IntStream.range(0, logits.length)
                .filter(k -> k != aimed)
                .mapToDouble(k -> logits[k])
                .sorted()
                .toArray();
        return target.isPresent()
                ? logits[aimed] - others[others.length - 1]
                : others[others.length - depth()] - logits[aimed];
    }

    /** The answer is wrong: the largest logit, the first of equal ones, is not that of the label. */
    static Criterion misclassified() {
        return new Misclassified(1);
    }

    /**
     * The label is not among the k largest logits; of equal logits, the lower class counts as the larger.
     *
     * @throws IllegalArgumentException if k is not positive
     */
    static Criterion topK(int k) {
        return new Misclassified(k);
    }

    /** Every example has to be classified as this one class; those of the class itself are not attacked. */
    static Criterion targeted(int target) {
        return new Targeted(Targeted.NAME + "-" + target, (_, _) -> target);
    }

    /** Every example has a target of its own; those whose target is their label are not attacked, nor adversarial. */
    static Criterion targeted(Targeted.Choice targets) {
        return new Targeted(Targeted.NAME, targets);
    }
}
