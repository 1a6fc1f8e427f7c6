package dev.racnn.racnn;

import dev.racnn.data.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle was made from.
 *
 * @param data name of the data, as the command line gave it
 * @param seed of weights, batches, augmentation and mixup
 * @param commandLine what the training was begun with; empty if it was begun from Java
 * @param training D
 * @param test what accuracy was reported on
 * @param candidates D'
 * @param extractor where phi' was taken from; null if it was trained with the rest, or there is none
 * @param baseline whose phi and g this one's began as; null if they began as something else
 */
public record Provenance(
        String data,
        long seed,
        String commandLine,
        Fingerprint training,
        Fingerprint test,
        Fingerprint candidates,
        @Nullable Source extractor,
        @Nullable Source baseline) {
    /**
     * A bundle that networks were taken from.
     *
     * @param bundle its folder, as it was given
     * @param weightsSha256 checksum of its weights, hexadecimal
     */
    public record Source(String bundle, String weightsSha256) {}
}
