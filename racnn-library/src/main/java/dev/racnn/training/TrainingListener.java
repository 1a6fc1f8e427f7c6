package dev.racnn.training;

import dev.racnn.Progress;

/** Is told how a training goes. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Something began that takes a while. */
    default void phase(String description) {}

    /**
     * Some images were read, or some batches of an epoch were done.
     *
     * @param secondsLeft until the end of the last stage, estimated; NaN before the first stage
     */
    default void progress(Progress progress, double secondsLeft) {}

    /** An epoch ended and is in the log. */
    default void epoch(EpochRecord record) {}
}
