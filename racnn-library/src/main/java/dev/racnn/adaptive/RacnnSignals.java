package dev.racnn.adaptive;

import dev.racnn.attack.Signal;

/** What {@link KnownRacnn} can tell of points, beside the hard logits g(P(x)) of {@link Signal#LOGITS}. */
public final class RacnnSignals {
    /** Hard logits whose gradient is that of a softened retrieval, see {@link SoftRetrieval}: float32 [n, classes]. */
    public static final Signal STRAIGHT_THROUGH = new Signal("straight-through logits");

    /** g'(phi'(x)): float32 [n, classes]. */
    public static final Signal SURROGATE = new Signal("surrogate logits");

    /** g(phi(x)), the model with its retrieval switched off: float32 [n, classes]. */
    public static final Signal WITHOUT_RETRIEVAL = new Signal("logits without retrieval");

    /** phi'(x): float32 [n, d']. */
    public static final Signal KEYS = new Signal("keys");

    /** phi(x): float32 [n, d]. */
    public static final Signal FEATURES = new Signal("features");

    /** Squared distances of the keys to those of the candidates around, infinite for a blank: float32 [n, m]. */
    public static final Signal DISTANCES = new Signal("distances to candidates");

    /** The classes of these candidates, without gradient: int64 [n, m]. */
    public static final Signal CANDIDATE_LABELS = new Signal("labels of candidates");

    /** How soft retrieval is at this step, in the units of the distances, without gradient: float32 [n, 1]. */
    public static final Signal TEMPERATURE = new Signal("temperature");

    private RacnnSignals() {}
}
