package dev.racnn.training;

/** Is told how a training goes. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Something began that takes a while. */
    default void phase(String description) {}

    /**
     * Some images were looked at before the training begins.
     *
     * @param role training, test or candidate
     * @param done images so far
     * @param total how many there are
     */
    default void reading(String role, int done, int total) {}

    /**
     * Some batches were done.
     *
     * @param stage what is trained
     * @param epoch from 1
     * @param epochs how many there will be
     * @param images images of this epoch so far
     * @param total images of an epoch
     * @param loss mean so far in this epoch
     * @param accuracy training accuracy so far in this epoch
     * @param imagesPerSecond in this epoch
     * @param secondsLeft until the end of the last stage, estimated
     */
    default void progress(
            String stage,
            int epoch,
            int epochs,
            long images,
            long total,
            double loss,
            double accuracy,
            double imagesPerSecond,
            double secondsLeft) {}

    /** An epoch ended and is in the log. */
    default void epoch(EpochRecord record) {}
}
