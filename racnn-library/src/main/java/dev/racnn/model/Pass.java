package dev.racnn.model;

/** Which statistics batch normalisation uses in a pass through a {@link Network}. */
public enum Pass {
    /** The running statistics; the answer for an image does not depend on the rest of its batch. */
    EVALUATION,
    /** The statistics of the batch, which also move the running ones. */
    TRAINING,
    /** The statistics of the batch, leaving the running ones alone. */
    BATCH_STATISTICS
}
