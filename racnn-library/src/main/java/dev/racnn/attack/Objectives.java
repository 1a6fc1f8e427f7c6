package dev.racnn.attack;

/** The objectives of the literature. */
public final class Objectives {
    /** Cross-entropy of the true class, or minus that of the criterion's target. */
    public static final LogitsObjective CROSS_ENTROPY =
            new LogitsObjective("cross-entropy", Signal.LOGITS, false, (batch, _) -> Losses.crossEntropy(batch));

    /** How far the attacker is ahead; see {@link Losses#margin}. */
    public static final LogitsObjective MARGIN =
            new LogitsObjective("margin", Signal.LOGITS, false, (batch, _) -> Losses.margin(batch));

    /** Difference of logits ratio; see {@link Losses#logitsRatio}. */
    public static final LogitsObjective LOGITS_RATIO = new LogitsObjective(
            "difference of logits ratio", Signal.LOGITS, false, (batch, _) -> Losses.logitsRatio(batch));

    /** The same towards one class after the other; see {@link Losses#targetedLogitsRatio}. */
    public static final LogitsObjective TARGETED_LOGITS_RATIO = new LogitsObjective(
            "targeted difference of logits ratio", Signal.LOGITS, true, Losses::targetedLogitsRatio);

    private Objectives() {}
}
