package dev.racnn.attack;

/**
 * How examples are attacked, whatever the attack.
 *
 * @param batchSize how many are attacked together at most, at least 1
 * @param seed of all random numbers
 * @param votes how many answers decide about a point, at least 1: more than 1 for a classifier that answers at random, where a success
 *     is what most of as many fresh answers agree on
 * @param keep which adversarial point of an example comes out
 */
public record RunSettings(int batchSize, long seed, int votes, Keep keep) {
    /** Batches of 64, seed 0, a single answer, the nearest point. */
    public static final RunSettings DEFAULT = new RunSettings(64, 0, 1, Keep.NEAREST);

    public RunSettings {
        if (batchSize < 1 || votes < 1) {
            throw new IllegalArgumentException(
                    "batchSize and votes must be at least 1, but are %s and %s".formatted(batchSize, votes));
        }
    }
}
