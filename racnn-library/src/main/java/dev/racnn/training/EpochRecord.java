package dev.racnn.training;

import java.util.Map;

/**
 * One line of the training log.
 *
 * @param stage what was trained: extractor, baseline or racnn
 * @param epoch from 1
 * @param steps optimiser steps so far
 * @param loss mean over the epoch
 * @param trainAccuracy in [0, 1], on the augmented images as they were seen
 * @param testAccuracy in [0, 1], with the weights at the end of the epoch
 * @param learningRate of the last step
 * @param imagesPerSecond training images, without the evaluation
 * @param seconds of the whole epoch
 * @param extras further means over the epoch, by name, and Accuracy@5 on the test images if there are more than ten classes
 */
public record EpochRecord(
        String stage,
        int epoch,
        long steps,
        double loss,
        double trainAccuracy,
        double testAccuracy,
        double learningRate,
        double imagesPerSecond,
        double seconds,
        Map<String, Double> extras) {
    public EpochRecord {
        extras = Map.copyOf(extras);
    }
}
